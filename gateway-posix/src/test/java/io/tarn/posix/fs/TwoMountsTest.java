package io.tarn.posix.fs;

import static io.tarn.posix.fs.TestMount.READ;
import static io.tarn.posix.fs.TestMount.WRITE;
import static io.tarn.posix.fs.TestMount.await;
import static io.tarn.posix.fs.TestMount.key;
import static io.tarn.posix.fs.TestMount.mode;
import static io.tarn.posix.fs.TestMount.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.posix.fs.TestMount.Descriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Two mounts of one volume as on two machines, which remember for an hour, and S3 beside them. */
class TwoMountsTest {
    private static final MountOptions LASTING = MountOptions.parse("attr-timeout=3600,entry-timeout=3600");
    private static final int VOLUME_NAME_MAX = 40;
    private static final int RACERS = 16;

    @TempDir
    static Path data;

    private static TestCluster cluster;
    private long volume;
    private TestMount one;
    private TestMount two;
    private final KernelLog kernel = new KernelLog();

    @BeforeAll
    static void start() {
        cluster = new TestCluster(data);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void mount(final TestInfo test) {
        final String method = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        final String name = method.substring(0, Math.min(method.length(), VOLUME_NAME_MAX));
        volume = cluster.volume(name);
        one = cluster.mount(name, LASTING);
        two = cluster.mount(name, LASTING);
        two.files.invalidate(kernel);
    }

    @AfterEach
    void unmount() {
        one.files.close();
        two.files.close();
    }

    @Test
    void whatOneMakesTheOtherSeesThoughItRemembersThatThereWasNothing() {
        assertThat(two.exists("/f")).isFalse();
        one.write("/f", "made");
        await("the name", () -> two.exists("/f"));
        kernel.await("entry 1 f");
        assertThat(two.read("/f")).isEqualTo("made");
        final long inode = two.inode("/f");
        one.unlink("/f");
        await("that it is gone", () -> !two.exists("/f"));
        kernel.await("deleted 1 f " + inode);
    }

    @Test
    void attributesAndDirectoriesChangeElsewhere() {
        one.write("/f", "x");
        one.mkdir("/d");
        await("the names", () -> two.exists("/d"));
        final long inode = two.inode("/f");
        two.stat("/f");
        final long links = two.stat("/").links();
        one.set("/f", mode(0600));
        await("the mode", () -> (two.stat("/f").mode() & 0777) == 0600);
        kernel.await("attributes " + inode);
        one.mkdir("/e");
        await("the links", () -> two.stat("/").links() == links + 1);
        one.rename("/f", "/d/g");
        await("the rename", () -> !two.exists("/f") && two.exists("/d/g"));
        assertThat(two.inode("/d/g")).isEqualTo(inode);
        one.files.setXattr(one.caller, inode, key("user.a"), new byte[] {1}, 0);
        assertThat(two.files.xattr(two.caller, inode, key("user.a"))).containsExactly(1);
    }

    @Test
    void anAttributeThatAnotherMountSetsIsFoundThoughTheListingSaidThereWasNone() {
        one.write("/f", "");
        await("the name", () -> two.exists("/f"));
        final long inode = two.inode("/f");
        assertThat(two.list("/")).contains("f");
        final Key name = TestMount.key("user.a");
        TestMount.refuses(Errno.ENODATA, () -> two.files.xattr(two.caller, inode, name));
        one.files.setXattr(one.caller, inode, name, new byte[] {5}, 0);
        await("the attribute", () -> two.files.xattrs(two.caller, inode).contains(name));
        assertThat(two.files.xattr(two.caller, inode, name)).containsExactly(5);
    }

    @Test
    void theNextOpenSeesWhatAnotherMountHasClosed() {
        one.write("/f", "first");
        assertThat(two.read("/f")).isEqualTo("first");
        for (int i = 0; i < 50; i++) {
            one.write("/f", "again " + i);
            assertThat(two.read("/f")).isEqualTo("again " + i);
        }
    }

    /** What the follower of changes tells the kernel waits in a queue; an open that comes first must not call old pages good. */
    @Test
    void pagesAreNotCalledGoodBeforeTheKernelHasDroppedThem() {
        one.write("/f", "first");
        two.read("/f");
        final Descriptor known = two.open("/f", READ);
        assertThat(known.opened().keepCache()).isTrue();
        known.close();
        one.write("/f", "other");
        kernel.await("pages " + known.inode());
        final Descriptor first = two.open("/f", READ);
        final Descriptor second = two.open("/f", READ);
        assertThat(first.opened().keepCache()).isFalse();
        assertThat(second.opened().keepCache())
                .as("before the kernel has used the first")
                .isFalse();
        assertThat(first.text()).isEqualTo("other");
        final Descriptor third = two.open("/f", READ);
        assertThat(third.opened().keepCache()).isTrue();
        first.close();
        second.close();
        third.close();
    }

    /** Own bytes beside others' that the kernel has not heard of do not make its pages good. */
    @Test
    void whatIsWrittenHereDoesNotMakePagesGoodThatWereBad() {
        one.write("/f", "first");
        two.read("/f");
        final Descriptor here = two.open("/f", WRITE);
        one.write("/f", "FIRST");
        kernel.await("pages " + here.inode());
        here.write(0, "f");
        here.sync();
        assertThat(two.open("/f", READ).opened().keepCache()).isFalse();
        here.close();
    }

    @Test
    void pagesOfWhatIsMadeAndWrittenHereAreGood() {
        two.write("/f", "made here");
        await("the news of it", () -> {
            final Descriptor file = two.open("/f", READ);
            file.close();
            return file.opened().keepCache();
        });
    }

    @Test
    void theNextOpenSeesWhatS3HasOverwrittenAndAnOpenFileKeepsItsBytes() {
        cluster.put(volume, "f", "first");
        final Descriptor old = two.open("/f", READ);
        for (int i = 0; i < 50; i++) {
            cluster.put(volume, "f", "again " + i);
            assertThat(two.read("/f")).isEqualTo("again " + i);
        }
        assertThat(old.text()).isEqualTo("first");
        old.close();
        cluster.delete(volume, "f");
        await("that it is gone", () -> !two.exists("/f"));
        two.write("/f", "by the mount");
        assertThat(cluster.get(volume, "f")).isEqualTo("by the mount");
    }

    @Test
    void anImpliedDirectoryGoesWithItsLastFileForWhoRemovedThatToo() {
        cluster.put(volume, "d/f", "x");
        one.files.invalidate(kernel);
        assertThat(one.list("/d")).containsExactly("f");
        one.unlink("/d/f");
        await("the directory", () -> !one.exists("/d"));
        assertThat(two.exists("/d")).isFalse();
    }

    private static <T> List<Future<T>> atOnce(final List<Callable<T>> calls) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls);
        }
    }

    private static <T> List<T> results(final List<Callable<T>> calls) throws InterruptedException {
        final List<T> results = new ArrayList<>();
        for (final Future<T> result : atOnce(calls)) {
            try {
                results.add(result.get());
            } catch (final ExecutionException failed) {
                throw new AssertionError(failed.getCause());
            }
        }
        return results;
    }

    private TestMount either(final int number) {
        return number % 2 == 0 ? one : two;
    }

    @Test
    void ofManyExclusiveCreatorsOneWins() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            final String path = "/lock" + round;
            final List<Callable<Boolean>> calls = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                final TestMount mine = either(racer);
                calls.add(() -> TestMount.errno(() -> mine.create(path).close()).isEmpty());
            }
            assertThat(results(calls)).containsOnlyOnce(true);
        }
    }

    @Test
    void ofManyRenamesOfOneFileOneWins() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            final String from = "/from" + round;
            one.write(from, "x");
            await("the name", () -> two.exists(from));
            final List<Callable<Optional<Errno>>> calls = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                final TestMount mine = either(racer);
                final String to = "/to" + round + "-" + racer;
                calls.add(() -> TestMount.errno(() -> mine.rename(from, to)));
            }
            assertThat(results(calls))
                    .containsOnlyOnce(Optional.empty())
                    .containsOnly(Optional.empty(), Optional.of(Errno.ENOENT));
        }
        await("the moves", () -> two.list("/").size() == 10 && one.list("/").size() == 10);
    }

    @Test
    void appendersNeverOverwriteEachOther() throws InterruptedException {
        one.write("/log", "");
        await("the file", () -> two.exists("/log"));
        final List<Callable<Boolean>> calls = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            final TestMount mine = either(racer);
            final String line = "%03d-".formatted(racer).repeat(25);
            calls.add(() -> {
                final Descriptor log = mine.open("/log", WRITE | OpenFlags.APPEND);
                for (int i = 0; i < 20; i++) {
                    log.write(0, line);
                }
                log.close();
                return true;
            });
        }
        results(calls);
        final String log = one.read("/log");
        assertThat(log).hasSize(RACERS * 20 * 100);
        for (int at = 0; at < log.length(); at += 100) {
            assertThat(log.substring(at, at + 100))
                    .isEqualTo(log.substring(at, at + 4).repeat(25));
        }
    }

    private static LockWish wish(final long owner, final LockWish.Kind kind, final long start, final long last) {
        return new LockWish(owner, kind, false, start, last, (int) owner);
    }

    @Test
    void rangesLockedByOneAreRefusedToTheOther() {
        one.write("/f", "x");
        final long inode = one.inode("/f");
        one.files.lock(inode, 0, wish(1, LockWish.Kind.EXCLUSIVE, 10, 19), false);
        refuses(Errno.EAGAIN, () -> two.files.lock(inode, 0, wish(1, LockWish.Kind.SHARED, 19, 19), false));
        two.files.lock(inode, 0, wish(1, LockWish.Kind.SHARED, 20, Long.MAX_VALUE), false);
        final LockWish held = two.files.testLock(inode, 0, wish(1, LockWish.Kind.SHARED, 0, 15));
        assertThat(held.kind()).isEqualTo(LockWish.Kind.EXCLUSIVE);
        assertThat(held.start()).isEqualTo(10);
        assertThat(held.last()).isEqualTo(19);
        assertThat(held.pid()).isZero();
        assertThat(one.files
                        .testLock(inode, 0, wish(2, LockWish.Kind.SHARED, 0, 15))
                        .pid())
                .isEqualTo(1);
        final Descriptor file = one.open("/f", READ);
        one.files.flush(one.caller, inode, file.handle(), 1);
        assertThat(two.files
                        .testLock(inode, 0, wish(1, LockWish.Kind.EXCLUSIVE, 0, 15))
                        .kind())
                .isEqualTo(LockWish.Kind.NONE);
        final LockWish whole = new LockWish(9, LockWish.Kind.EXCLUSIVE, true, 0, Long.MAX_VALUE, 1);
        one.files.lock(inode, file.handle(), whole, false);
        refuses(Errno.EAGAIN, () -> two.files.lock(inode, 0, whole, false));
        one.files.release(inode, file.handle(), 9);
        two.files.lock(inode, 0, whole, false);
    }

    @Test
    void aWaitForALockEndsByAGrantOrAnInterrupt() throws InterruptedException {
        one.write("/f", "x");
        final long inode = one.inode("/f");
        one.files.lock(inode, 0, wish(1, LockWish.Kind.EXCLUSIVE, 0, 9), false);
        final List<Optional<Errno>> outcomes = new ArrayList<>();
        final Thread waiting = Thread.ofVirtual()
                .start(() -> outcomes.add(
                        TestMount.errno(() -> two.files.lock(inode, 0, wish(2, LockWish.Kind.EXCLUSIVE, 0, 9), true))));
        await("the wait", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join();
        final Thread patient = Thread.ofVirtual()
                .start(() -> outcomes.add(
                        TestMount.errno(() -> two.files.lock(inode, 0, wish(3, LockWish.Kind.EXCLUSIVE, 0, 9), true))));
        await("the wait", () -> patient.getState() == Thread.State.TIMED_WAITING);
        one.files.lock(inode, 0, wish(1, LockWish.Kind.NONE, 0, Long.MAX_VALUE), false);
        patient.join();
        assertThat(outcomes).containsExactly(Optional.of(Errno.EINTR), Optional.empty());
        one.files.lock(inode, 0, wish(4, LockWish.Kind.EXCLUSIVE, 50, 59), false);
        final Thread first =
                Thread.ofVirtual().start(() -> one.files.lock(inode, 0, wish(4, LockWish.Kind.EXCLUSIVE, 0, 9), true));
        await("the wait", () -> first.getState() == Thread.State.TIMED_WAITING);
        refuses(Errno.EDEADLK, () -> two.files.lock(inode, 0, wish(3, LockWish.Kind.EXCLUSIVE, 50, 59), true));
        two.files.lock(inode, 0, wish(3, LockWish.Kind.NONE, 0, Long.MAX_VALUE), false);
        first.join();
    }

    @Test
    void aFileUnlinkedElsewhereLivesWhileItIsOpenHere() {
        one.write("/f", "still");
        final Descriptor file = two.open("/f", READ);
        one.unlink("/f");
        one.write("/f", "new");
        assertThat(file.text()).isEqualTo("still");
        assertThat(two.read("/f")).isEqualTo("new");
        file.close();
        final long inode = file.inode();
        await("that it is gone", () -> TestMount.errno(() -> two.files.attributes(two.caller, inode))
                .equals(Optional.of(Errno.ESTALE)));
    }

    @Test
    void aDirectoryIsReadWhileTheOtherMountChangesIt() throws InterruptedException {
        final List<Callable<Boolean>> makers = new ArrayList<>();
        for (int maker = 0; maker < RACERS; maker++) {
            final int first = maker;
            makers.add(() -> {
                for (int i = first; i < 3_000; i += RACERS) {
                    one.create("/f%05d".formatted(i)).close();
                }
                return true;
            });
        }
        results(makers);
        final Opened directory = two.files.openDirectory(two.caller, 1);
        final List<String> names = new ArrayList<>();
        final List<Long> offsets = new ArrayList<>();
        final Set<String> untouched = new HashSet<>();
        long offset = 0;
        int calls = 0;
        while (true) {
            final int before = names.size();
            two.files.readDirectory(two.caller, 1, directory.handle(), offset, (name, entry, next) -> {
                if (names.size() - before >= 37) {
                    return false;
                }
                names.add(name.toString());
                offsets.add(next);
                return true;
            });
            if (names.size() == before) {
                break;
            }
            offset = offsets.getLast();
            one.unlink("/f%05d".formatted(2 * calls + 1));
            one.create("/f%05d+".formatted(calls * 20)).close();
            calls++;
        }
        for (int i = 0; i < 3_000; i += 2) {
            untouched.add("f%05d".formatted(i));
        }
        assertThat(names).doesNotHaveDuplicates().containsAll(untouched);
        // Every offset that was given out leads behind its entry, though some before and behind have gone since.
        for (int at = 0; at < names.size() - 1; at += 101) {
            final String after = names.get(at + 1);
            if (!untouched.contains(after)) {
                continue;
            }
            final List<String> next = new ArrayList<>();
            two.files.readDirectory(two.caller, 1, directory.handle(), offsets.get(at), (name, entry, end) -> {
                next.add(name.toString());
                return false;
            });
            assertThat(next).containsExactly(after);
        }
        final List<String> again = new ArrayList<>();
        two.files.readDirectory(two.caller, 1, directory.handle(), 0, (name, entry, end) -> {
            again.add(name.toString());
            return true;
        });
        assertThat(again.subList(2, again.size())).isEqualTo(one.list("/"));
        two.files.releaseDirectory(1, directory.handle());
    }
}
