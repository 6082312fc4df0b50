package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Locks;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.posix.journal.MountJournal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs have written and opened, and what was done for them, outlives the process that serves them. */
@Timeout(300)
final class SuccessorTest {
    private static final int PROGRAMS = 3;
    private static final int STEPS = 1_500;
    private static final int RARITY = 60;
    private static final int OWNER = 77;

    @TempDir
    Path data;

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster(data);
    }

    @AfterEach
    void stop() {
        assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
        cluster.close();
    }

    private Lives lives(final String volume, final int rarity, final long seed) {
        cluster.volume(volume);
        return new Lives(cluster.endpoint(), volume, new Random(seed), rarity);
    }

    private static void removeAll(final TestMount mount, final String directory) {
        for (final String name : mount.list(directory)) {
            final String path = directory + "/" + name;
            if ((mount.stat(path).mode() & 0170000) == 0040000) {
                removeAll(mount, path);
                mount.rmdir(path);
            } else {
                mount.unlink(path);
            }
        }
    }

    @Test
    void programsDoNotNoticeThatProcessesAreKilledUnderThem() {
        final long first = Long.getLong("tarn.seed", System.nanoTime());
        for (long seed = first; seed < first + PROGRAMS; seed++) {
            final String volume = "volume" + (seed - first);
            final Lives lives = lives(volume, RARITY, seed);
            final TestMount mount = new TestMount(lives.fileSystem());
            final RandomProgram program = new RandomProgram(mount, seed);
            int step = 0;
            try {
                for (; step < STEPS; step++) {
                    program.step();
                }
                program.finish();
                program.agreesWith(mount);
                program.agreesWith(cluster.mount(volume));
            } catch (final PosixException | AssertionError failed) {
                throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, failed.getMessage()), failed);
            }
            assertThat(lives.successions()).isGreaterThan(STEPS / RARITY);
            // Nothing is open any more, though the session that had it open goes on: what loses its name is gone.
            removeAll(mount, "");
            assertThat(lives.client()
                            .inodes()
                            .statistics(cluster.volume(volume))
                            .usage()
                            .inodes())
                    .isZero();
            mount.files.close();
            lives.client().close();
        }
    }

    @Test
    void whatWasWrittenAndNotCommittedIsThereAgainWithItsTimesAndAttributes() {
        final Lives lives = lives("written", 0, 1);
        final TestMount mount = new TestMount(lives.fileSystem());
        final TestMount.Descriptor file = mount.create("f");
        file.write(0, "one ");
        mount.set("f", TestMount.mode(0600));
        file.write(4, "two");
        final Attributes before = mount.stat("f");
        final long commands = cluster.commands();
        lives.kill();
        // that the session is known to the shard, which the new process is told
        assertThat(cluster.commands() - commands).isLessThanOrEqualTo(1);
        assertThat(mount.stat("f")).isEqualTo(before);
        assertThat(file.text()).isEqualTo("one two");
        file.close();
        assertThat(mount.stat("f").modifiedNanos()).isEqualTo(before.modifiedNanos());
        assertThat(cluster.get(cluster.volume("written"), "f")).isEqualTo("one two");
        lives.client().close();
    }

    @Test
    void aFileWithoutNameLivesThroughProcessesAndGoesWithItsLastClose() {
        final Lives lives = lives("nameless", 0, 1);
        final long volume = cluster.volume("nameless");
        final TestMount mount = new TestMount(lives.fileSystem());
        final TestMount.Descriptor file = mount.create("f");
        final TestMount.Descriptor reader = mount.open("f", TestMount.READ);
        file.write(0, "content");
        mount.unlink("f");
        lives.kill();
        lives.kill();
        lives.handOver();
        assertThat(file.text()).isEqualTo("content");
        file.close();
        lives.kill();
        assertThat(reader.text()).isEqualTo("content");
        reader.close();
        assertThat(lives.client().inodes().statistics(volume).usage().inodes()).isZero();
        lives.client().close();
    }

    @Test
    void whoWasNotToldOfAFailureIsToldByTheNextProcess() {
        cluster.volume("full", new Quota(10_000, Quota.UNLIMITED), Versioning.OFF);
        final Lives lives = lives("full", 0, 1);
        final TestMount mount = new TestMount(lives.fileSystem());
        final TestMount.Descriptor told = mount.create("f");
        final TestMount.Descriptor untold = mount.open("f", TestMount.READ_WRITE);
        told.write(0, new byte[50_000]);
        TestMount.refuses(Errno.EDQUOT, told::sync);
        lives.kill();
        told.sync();
        lives.kill();
        TestMount.refuses(Errno.EDQUOT, untold::sync);
        lives.kill();
        untold.sync();
        told.close();
        untold.close();
        lives.client().close();
    }

    @Test
    void whatOthersChangedWhileNobodyServedTheKernelIsToldOf() {
        final Lives lives = lives("changed", 0, 1);
        final long volume = cluster.volume("changed");
        final TestMount mount = new TestMount(lives.fileSystem());
        cluster.put(volume, "f", "before");
        TestMount.await("the object", () -> mount.exists("f"));
        final long inode = mount.inode("f");
        lives.betweenLives(() -> cluster.put(volume, "f", "after"));
        final KernelLog kernel = new KernelLog();
        mount.files.invalidate(kernel);
        kernel.await("entry " + FileSystem.ROOT + " f");
        assertThat(mount.inode("f")).isNotEqualTo(inode);
        assertThat(mount.read("f")).isEqualTo("after");
        lives.client().close();
    }

    @Test
    void locksOfAnEarlierProcessHoldAndFallWithTheCloseOfTheirOwner() {
        final Lives lives = lives("locked", 0, 1);
        final TestMount mount = new TestMount(lives.fileSystem());
        final TestMount.Descriptor file = mount.create("f");
        final LockWish wish = new LockWish(OWNER, LockWish.Kind.EXCLUSIVE, false, 0, 9, 1);
        mount.files.lock(file.inode(), file.handle(), wish, false);
        lives.kill();
        final Locks.Lock other = new Locks.Lock(file.inode(), 1, new Locks.Bytes(0, 5), true, 1);
        assertThat(cluster.node.client().locks().conflict(other)).isPresent();
        // Another handle of the same owner, opened by the new process, takes its locks with it all the same.
        final TestMount.Descriptor again = mount.open("f", TestMount.READ);
        assertThat(file.text()).isEmpty();
        mount.files.flush(mount.caller, again.inode(), again.handle(), OWNER);
        assertThat(cluster.node.client().locks().conflict(other)).isEmpty();
        again.close();
        file.close();
        lives.client().close();
    }

    @Test
    void aFileIsKeptWhileSomebodyWorksWithItWithoutAHandle() throws Exception {
        final TestMount mount = cluster.mount(volume("kept"));
        final InstantSource clock = InstantSource.system();
        final MountPoint point = new MountPoint(
                cluster.node.client().inodes(),
                cluster.node.client().delegations(),
                cluster.node.client().locks(),
                cluster.volume("kept"),
                "root/root",
                MountOptions.DEFAULT,
                new Numbers(cluster.node
                        .client()
                        .inodes()
                        .root(cluster.volume("kept"))
                        .inode()),
                new Patience(Duration.ofSeconds(60)),
                new Memory(MountOptions.DEFAULT),
                MountJournal.none());
        final OpenFiles files = new OpenFiles(point, new HandleNumbers(clock), clock);
        final TestMount.Descriptor made = mount.create("f");
        made.close();
        final FileHandle handle = files.open(point.request(mount.caller), made.inode(), TestMount.READ_WRITE);
        handle.write(0, ByteBuffer.wrap(new byte[] {'x'}));
        final CountDownLatch working = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<Optional<Long>> work = threads.submit(() -> files.using(made.inode(), open -> {
                working.countDown();
                try {
                    assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (final InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
                open.commit();
                return open.file().node().size();
            }));
            assertThat(working.await(60, TimeUnit.SECONDS)).isTrue();
            files.release(handle.number());
            released.countDown();
            assertThat(work.get()).contains(1L);
        }
        assertThat(files.ofInode(made.inode())).isEmpty();
        assertThat(files.using(made.inode(), open -> true)).isEmpty();
        assertThat(List.of(mount.read("f"))).containsExactly("x");
    }

    private String volume(final String name) {
        cluster.volume(name);
        return name;
    }
}
