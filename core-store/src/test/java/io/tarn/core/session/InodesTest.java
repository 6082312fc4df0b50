package io.tarn.core.session;

import static io.tarn.core.session.InodesFixture.OWNER;
import static io.tarn.core.session.InodesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.AttributeChange;
import io.tarn.client.ContentWriter;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.ObjectMeta;
import io.tarn.client.OpenFile;
import io.tarn.client.Precondition;
import io.tarn.client.RenameMode;
import io.tarn.client.XattrMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The tree by inodes on a real node, each test in a directory of its own. */
class InodesTest {
    private static final int LARGE = 100_000;
    private static final int MAKERS = 32;

    @TempDir
    static Path data;

    private static InodesFixture node;
    private static Inodes inodes;
    private long home;

    @BeforeAll
    static void start(final TestInfo test) {
        node = new InodesFixture(data, test);
        inodes = node.inodes;
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void makeHome(final TestInfo test) {
        home = node.directory(node.root, test.getTestMethod().orElseThrow().getName())
                .inode();
    }

    @AfterEach
    void theStoreIsSound() {
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
    }

    private Node file(final String name) {
        return inodes.make(home, Key.of(name), NewNode.file(0644, OWNER), true);
    }

    private List<String> names(final long directory) {
        return inodes.readDirectory(directory, Key.EMPTY, Inodes.PAGE_MAX).entries().stream()
                .map(entry -> entry.name().toString())
                .toList();
    }

    private static void refuses(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                .isEqualTo(failure));
    }

    @Test
    void aPageTellsWhichHaveNoExtendedAttributes() {
        final List<Node> made =
                IntStream.range(0, 9).mapToObj(i -> file("f" + i)).toList();
        for (final int with : new int[] {2, 3, 7}) {
            inodes.setXattr(made.get(with).inode(), Key.of("user.a"), new byte[] {1}, XattrMode.ANY);
            inodes.setXattr(made.get(with).inode(), Key.of("user.b"), new byte[] {1}, XattrMode.ANY);
        }
        inodes.removeXattr(made.get(3).inode(), Key.of("user.a"));
        inodes.removeXattr(made.get(3).inode(), Key.of("user.b"));
        assertThat(inodes.readDirectory(home, Key.EMPTY, Inodes.PAGE_MAX).entries().stream()
                        .filter(entry -> !entry.isPlain())
                        .map(entry -> entry.name().toString()))
                .containsExactly("f2", "f7");
    }

    @Test
    void whatIsMadeIsFound() {
        final Node made = file("f");
        assertThat(inodes.lookup(home, Key.of("f"))).contains(made);
        assertThat(inodes.find(made.inode())).contains(made);
        assertThat(made.type()).isEqualTo(NodeType.FILE);
        assertThat(made.mode()).isEqualTo(0644);
        assertThat(made.uid()).isEqualTo(OWNER.uid());
        final Node link = inodes.make(home, Key.of("l"), NewNode.symlink(Key.of("../f"), OWNER), true);
        assertThat(link.target()).contains(Key.of("../f"));
        final Node device = inodes.make(
                home, Key.of("dev"), new NewNode(NodeType.BLOCK_DEVICE, 0600, 0, 0, 259, Key.EMPTY, ""), true);
        assertThat(inodes.lookup(home, Key.of("dev")).orElseThrow().device()).isEqualTo(259);
        assertThat(device.type()).isEqualTo(NodeType.BLOCK_DEVICE);
        assertThat(names(home)).containsExactly("dev", "f", "l");
        refuses(Failure.ALREADY_EXISTS, () -> file("f"));
        assertThat(inodes.make(home, Key.of("f"), NewNode.file(0600, OWNER), false))
                .isEqualTo(made);
        refuses(Failure.NOT_A_DIRECTORY, () -> inodes.lookup(made.inode(), Key.of("x")));
        refuses(Failure.TOO_LARGE, () -> file("n".repeat(256)));
        refuses(Failure.INVALID_ARGUMENT, () -> file("a/b"));
    }

    @Test
    void aPathIsFollowedInOneRead() {
        final Node a = node.directory(home, "a");
        final Node b = node.directory(a.inode(), "b");
        final List<Key> path = inodes.pathOf(b.inode());
        assertThat(path).endsWith(Key.of("a"), Key.of("b"));
        assertThat(inodes.resolve(home, List.of(Key.of("a"), Key.of("b"), Key.of("none"))))
                .extracting(Node::inode)
                .containsExactly(home, a.inode(), b.inode());
    }

    @Test
    void attributesChangeTogetherAndNowIsTheTimeOfTheCommit() {
        final Node made = file("f");
        final Node changed = inodes.setAttributes(
                made.inode(),
                AttributeChange.NONE
                        .withMode(04755)
                        .withOwner(OptionalInt.of(70), OptionalInt.empty())
                        .withTimes(Optional.of(new AttributeChange.At(-5)), Optional.of(new AttributeChange.Now())));
        assertThat(changed.mode()).isEqualTo(04755);
        assertThat(changed.uid()).isEqualTo(70);
        assertThat(changed.gid()).isEqualTo(made.gid());
        assertThat(changed.times().accessed()).isEqualTo(-5);
        assertThat(changed.times().modified()).isEqualTo(changed.times().changed());
        assertThat(changed.times().changed())
                .isGreaterThanOrEqualTo(made.times().changed());
        assertThat(inodes.find(made.inode())).contains(changed);
    }

    @Test
    void extendedAttributes() {
        final long file = file("f").inode();
        inodes.setXattr(file, Key.of("user.b"), new byte[] {1}, XattrMode.CREATE);
        inodes.setXattr(file, Key.of("user.a"), new byte[] {2, 3}, XattrMode.ANY);
        refuses(
                Failure.ALREADY_EXISTS,
                () -> inodes.setXattr(file, Key.of("user.b"), new byte[] {1}, XattrMode.CREATE));
        refuses(Failure.NOT_FOUND, () -> inodes.setXattr(file, Key.of("none"), new byte[] {1}, XattrMode.REPLACE));
        assertThat(inodes.xattrs(file).keySet()).containsExactly(Key.of("user.a"), Key.of("user.b"));
        assertThat(inodes.xattr(file, Key.of("user.a"))).hasValue(new byte[] {2, 3});
        inodes.removeXattr(file, Key.of("user.a"));
        assertThat(inodes.xattr(file, Key.of("user.a"))).isEmpty();
        refuses(Failure.NOT_FOUND, () -> inodes.removeXattr(file, Key.of("user.a")));
    }

    @Test
    void namesThatOnlyS3CanSay() {
        final String prefix = "namesThatOnlyS3CanSay/";
        for (final String key : List.of("a", "a/b", "a//c", ".", "../x", "n".repeat(400), "%tarn-odd", "%tarn+odd")) {
            try (ContentWriter writer = node.client.objects().write(node.volume)) {
                writer.write(text(key));
                node.client
                        .objects()
                        .put(
                                node.volume,
                                Key.of(prefix + key),
                                OWNER,
                                writer.finish(),
                                "",
                                ObjectMeta.NONE,
                                Precondition.NONE);
            }
        }
        assertThat(names(home))
                .hasSize(7)
                .contains("%tarn-.", "%tarn-..", "a", "%tarn+a", "%tarn-%25tarn-odd", "%tarn-%25tarn+odd")
                .anyMatch(name -> name.startsWith("%tarn~"));
        final String shortened = names(home).stream()
                .filter(name -> name.startsWith("%tarn~"))
                .findFirst()
                .orElseThrow();
        inodes.rename(home, Key.of(shortened), home, Key.of("short"), RenameMode.NO_REPLACE, "");
        inodes.rename(home, Key.of("%tarn+a"), home, Key.of("file"), RenameMode.REPLACE, "");
        final long a = inodes.lookup(home, Key.of("a")).orElseThrow().inode();
        assertThat(names(a)).containsExactly("%tarn-", "b");
        inodes.make(home, Key.of("%tarn+a"), NewNode.file(0644, OWNER), true);
        assertThat(node.client.objects().stat(node.volume, Key.of(prefix + "a"), Optional.empty()))
                .isPresent();
        refuses(
                Failure.INVALID_ARGUMENT,
                () -> inodes.make(home, Key.of("%tarn+none"), NewNode.file(0644, OWNER), true));
        inodes.unlink(home, Key.of("%tarn-."), "");
        assertThat(names(home)).doesNotContain("%tarn-.").contains("%tarn+a", "short", "file");
    }

    private <T> List<T> atOnce(final List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<T> results = new ArrayList<>();
            for (final Future<T> call : threads.invokeAll(calls)) {
                results.add(call.get());
            }
            return results;
        }
    }

    private static boolean succeeds(final Failure otherwise, final Runnable call) {
        try {
            call.run();
            return true;
        } catch (final StorageException failed) {
            assertThat(failed.failure()).isEqualTo(otherwise);
            return false;
        }
    }

    @Test
    void ofManyWhoMakeAFileExclusivelyOneDoes() throws Exception {
        try (InodesFixture.Peer other = node.connect()) {
            final List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < MAKERS; i++) {
                final Inodes mine = i % 2 == 0 ? inodes : other.client().inodes();
                calls.add(() -> succeeds(
                        Failure.ALREADY_EXISTS,
                        () -> mine.make(home, Key.of("lock"), NewNode.file(0600, OWNER), true)));
            }
            assertThat(atOnce(calls)).containsOnlyOnce(true);
        }
    }

    @Test
    void racingRenamesMoveAFileOnceAndNeverLoseIt() throws Exception {
        final long inode = file("from").inode();
        final List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < MAKERS; i++) {
            final Key to = Key.of("to" + i);
            calls.add(() -> succeeds(
                    Failure.NOT_FOUND, () -> inodes.rename(home, Key.of("from"), home, to, RenameMode.NO_REPLACE, "")));
        }
        final List<Boolean> moved = atOnce(calls);
        assertThat(moved).containsOnlyOnce(true);
        assertThat(inodes.lookup(home, Key.of("to" + moved.indexOf(true)))
                        .orElseThrow()
                        .inode())
                .isEqualTo(inode);
    }

    @Test
    void racingMovesOfDirectoriesMakeNoCircle() throws Exception {
        final long a = node.directory(home, "a").inode();
        final long b = node.directory(home, "b").inode();
        for (int round = 0; round < 20; round++) {
            final List<Boolean> moved = atOnce(List.of(() -> moves(home, "a", b, "a"), () -> moves(home, "b", a, "b")));
            assertThat(moved).containsOnlyOnce(true);
            if (moved.getFirst()) {
                inodes.rename(b, Key.of("a"), home, Key.of("a"), RenameMode.NO_REPLACE, "");
            } else {
                inodes.rename(a, Key.of("b"), home, Key.of("b"), RenameMode.NO_REPLACE, "");
            }
        }
    }

    /** Whoever comes second moves a directory below itself. */
    private static boolean moves(final long from, final String name, final long to, final String toName) {
        return succeeds(
                Failure.LOOP, () -> inodes.rename(from, Key.of(name), to, Key.of(toName), RenameMode.NO_REPLACE, ""));
    }

    @Test
    void anExchangeIsSeenWholeOrNotAtAll() throws Exception {
        final long one = file("x").inode();
        final long two = file("y").inode();
        final AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<Integer> reader = threads.submit(() -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                    final List<Long> seen = inodes.readDirectory(home, Key.EMPTY, 10).entries().stream()
                            .map(entry -> entry.node().inode())
                            .toList();
                    assertThat(seen).containsExactlyInAnyOrder(one, two);
                    reads++;
                }
                return reads;
            });
            for (int i = 0; i < 100; i++) {
                inodes.rename(home, Key.of("x"), home, Key.of("y"), RenameMode.EXCHANGE, "");
            }
            done.set(true);
            assertThat(reader.get()).isPositive();
        }
        assertThat(inodes.lookup(home, Key.of("x")).orElseThrow().inode()).isEqualTo(one);
    }

    @Test
    void aLargeDirectoryIsPagedWhileItChanges() throws Exception {
        makeMany(LARGE);
        final Set<String> seen = new HashSet<>();
        Key after = Key.EMPTY;
        DirectoryPage page;
        int pages = 0;
        do {
            page = inodes.readDirectory(home, after, 1000);
            for (final DirectoryPage.Entry entry : page.entries()) {
                assertThat(seen.add(entry.name().toString())).isTrue();
                after = entry.position();
            }
            // Odd ones go and new ones come, on both sides of the place the reader is at.
            final String gone = "f%06d".formatted(pages * 997 % LARGE | 1);
            if (inodes.lookup(home, Key.of(gone)).isPresent()) {
                inodes.unlink(home, Key.of(gone), "");
            }
            inodes.make(home, Key.of("f%06d+".formatted(pages * 1009)), NewNode.file(0644, OWNER), true);
            pages++;
        } while (page.more());
        assertThat(pages).isGreaterThanOrEqualTo(LARGE / 1000);
        final Set<String> untouched = new HashSet<>();
        for (int i = 0; i < LARGE; i += 2) {
            untouched.add("f%06d".formatted(i));
        }
        assertThat(seen.containsAll(untouched)).isTrue();
    }

    private void makeMany(final int count) throws Exception {
        final int threads = 64;
        final List<Callable<Integer>> calls = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            final int first = thread;
            calls.add(() -> {
                int made = 0;
                for (int i = first; i < count; i += threads) {
                    inodes.make(home, Key.of("f%06d".formatted(i)), NewNode.file(0644, OWNER), true);
                    made++;
                }
                return made;
            });
        }
        assertThat(atOnce(calls).stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
    }

    @Test
    void concatenationAndCopiesMoveNoBytes() {
        final Node target = file("t");
        for (final String name : List.of("s1", "s2")) {
            try (OpenFile source = inodes.open(file(name).inode())) {
                source.write(0, text(name));
            }
        }
        final Node joined = inodes.concatenate(
                target.inode(),
                List.of(new Inodes.Entry(home, Key.of("s1")), new Inodes.Entry(home, Key.of("s2"))),
                "");
        assertThat(joined.size()).isEqualTo(4);
        assertThat(names(home)).containsExactly("t");
        refuses(
                Failure.INVALID_ARGUMENT,
                () -> inodes.concatenate(target.inode(), List.of(new Inodes.Entry(home, Key.of("t"))), ""));
    }
}
