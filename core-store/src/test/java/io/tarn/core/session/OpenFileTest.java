package io.tarn.core.session;

import static io.tarn.core.session.InodesFixture.OWNER;
import static io.tarn.core.session.InodesFixture.random;
import static io.tarn.core.session.InodesFixture.read;
import static io.tarn.core.session.InodesFixture.readText;
import static io.tarn.core.session.InodesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.AttributeChange;
import io.tarn.client.Caller;
import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.OpenFile;
import io.tarn.client.Precondition;
import io.tarn.client.Quota;
import io.tarn.client.VolumeChange;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
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

/** Open files on a real node: what their writer sees, what others see and when, and what is left when they go. */
class OpenFileTest {
    @TempDir
    static Path data;

    private static InodesFixture node;
    private String name;

    @BeforeAll
    static void start(final TestInfo test) {
        node = new InodesFixture(data, test);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void nameOfTheTest(final TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void theStoreIsSound() {
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
    }

    private OpenFile open(final Inodes inodes) {
        return inodes.open(inodes.lookup(node.root, Key.of(name)).orElseThrow().inode());
    }

    private OpenFile create() {
        return node.inodes.create(node.root, Key.of(name), NewNode.file(0644, OWNER), true);
    }

    @Test
    void aWriterSeesItsBytesAtOnceAndOthersAfterSync() {
        try (OpenFile file = create();
                InodesFixture.Peer other = node.connect();
                OpenFile reader = open(other.client().inodes())) {
            file.write(0, text("hello"));
            file.write(8, text("world"));
            assertThat(readText(file)).isEqualTo("hello...world");
            assertThat(file.node().size()).isEqualTo(13);
            assertThat(readText(reader)).isEmpty();
            file.sync();
            assertThat(readText(reader)).isEqualTo("hello...world");
            assertThat(reader.node().size()).isEqualTo(13);
        }
    }

    @Test
    void whatIsWrittenIsAnObjectAtClose() {
        try (OpenFile file = create()) {
            file.write(0, text("bytes"));
        }
        assertThat(node.client
                        .objects()
                        .stat(node.volume, Key.of(name), Optional.empty())
                        .orElseThrow()
                        .size())
                .isEqualTo(5);
    }

    @Test
    void manySmallRandomWritesAreOneFile() {
        final byte[] expected = new byte[1 << 20];
        final Random random = new Random(1);
        try (OpenFile file = create()) {
            file.truncate(expected.length);
            for (int i = 0; i < 2_000; i++) {
                final byte[] bytes = random(1 + random.nextInt(4096));
                final int offset = random.nextInt(expected.length - bytes.length);
                file.write(offset, ByteBuffer.wrap(bytes));
                System.arraycopy(bytes, 0, expected, offset, bytes.length);
                if (i % 500 == 250) {
                    assertThat(read(file, 0, expected.length)).isEqualTo(expected);
                }
            }
        }
        try (OpenFile file = open(node.inodes)) {
            assertThat(read(file, 0, expected.length)).isEqualTo(expected);
        }
    }

    @Test
    void aLongSequentialWriteIsCommittedOnTheWay() {
        final byte[] piece = random(1 << 20);
        final int pieces = 80;
        try (OpenFile file = create()) {
            for (int i = 0; i < pieces; i++) {
                file.write((long) i << 20, ByteBuffer.wrap(piece));
            }
            // More than one commit's worth is there for everybody before anybody asked for it.
            try (InodesFixture.Peer other = node.connect()) {
                assertThat(other.client()
                                .inodes()
                                .find(file.inode())
                                .orElseThrow()
                                .size())
                        .isEqualTo(64L << 20);
            }
            assertThat(read(file, 79L << 20, 1 << 20)).isEqualTo(piece);
        }
        try (OpenFile file = open(node.inodes)) {
            assertThat(read(file, 63L << 20, 1 << 20)).isEqualTo(piece);
            assertThat(read(file, (64L << 20) - 5, 10))
                    .isEqualTo(concat(Arrays.copyOfRange(piece, (1 << 20) - 5, 1 << 20), Arrays.copyOf(piece, 5)));
        }
        node.inodes.unlink(node.root, Key.of(name), "");
    }

    private static byte[] concat(final byte[] one, final byte[] other) {
        final byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void appendsOfTwoClientsNeitherMixNorGetLost() throws Exception {
        final int each = 150;
        create().close();
        try (InodesFixture.Peer other = node.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> writers = new ArrayList<>();
            for (final Inodes inodes : List.of(node.inodes, other.client().inodes())) {
                final String who = inodes == node.inodes ? "a" : "b";
                writers.add(threads.submit(() -> {
                    try (OpenFile file = open(inodes)) {
                        for (int i = 0; i < each; i++) {
                            file.append(text("%s%04d\n".formatted(who, i)));
                        }
                    }
                }));
            }
            for (final Future<?> writer : writers) {
                writer.get();
            }
        }
        try (OpenFile file = open(node.inodes)) {
            final List<String> lines = List.of(new String(read(file, 0, 1 << 20), StandardCharsets.UTF_8).split("\n"));
            assertThat(lines).hasSize(2 * each).doesNotHaveDuplicates().allMatch(line -> line.matches("[ab]\\d{4}"));
            for (final String who : List.of("a", "b")) {
                assertThat(lines.stream().filter(line -> line.startsWith(who)).toList())
                        .isSorted();
            }
        }
    }

    @Test
    void anOpenFileOutlivesItsNameAndGoesWithItsLastHandle() {
        final long usage = node.inodes.statistics(node.volume).usage().inodes();
        final OpenFile first = create();
        final OpenFile second = node.inodes.open(first.inode());
        first.write(0, text("kept"));
        first.sync();
        node.inodes.unlink(node.root, Key.of(name), "");
        first.close();
        assertThat(readText(second)).isEqualTo("kept");
        second.write(4, text("!"));
        assertThat(readText(second)).isEqualTo("kept!");
        second.close();
        assertThat(node.inodes.find(first.inode())).isEmpty();
        assertThat(node.inodes.statistics(node.volume).usage().inodes()).isEqualTo(usage);
    }

    @Test
    void whatADeadSessionHeldOpenIsReclaimed() {
        final long usage = node.inodes.statistics(node.volume).usage().inodes();
        final InodesFixture.Peer dead = node.connect();
        create().close();
        final OpenFile held = open(dead.client().inodes());
        held.write(0, text("uncommitted"));
        node.inodes.unlink(node.root, Key.of(name), "");
        assertThat(node.inodes.find(held.inode())).isPresent();
        dead.die();
        assertThat(node.inodes.find(held.inode())).isEmpty();
        assertThat(node.inodes.statistics(node.volume).usage().inodes()).isEqualTo(usage);
        assertThatThrownBy(held::sync).isInstanceOf(StorageException.class);
    }

    @Test
    void aSparseFileOfTheLargestSize() {
        final long last = OpenFile.MAX_BYTES - 3;
        try (OpenFile file = create()) {
            file.write(0, text("first"));
            file.write(last, text("end"));
            assertThat(file.node().size()).isEqualTo(OpenFile.MAX_BYTES);
            assertThat(file.nextHole(0)).isEqualTo(OptionalLong.of(5));
            assertThat(file.nextData(5)).isEqualTo(OptionalLong.of(last));
            assertThat(file.nextHole(last)).isEqualTo(OptionalLong.of(OpenFile.MAX_BYTES));
            assertThat(file.nextData(OpenFile.MAX_BYTES)).isEmpty();
            assertThat(read(file, 8L << 40, 4)).isEqualTo(new byte[4]);
            assertThat(new String(read(file, last - 1, 100), StandardCharsets.UTF_8))
                    .isEqualTo("\0end");
            assertThatThrownBy(() -> file.write(last, text("over")))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.TOO_LARGE));
            file.truncate(2);
        }
    }

    @Test
    void holesZeroesAllocationAndCopies() {
        try (OpenFile file = create()) {
            file.write(0, text("0123456789"));
            file.punchHole(2, 3);
            file.zeroRange(8, 4, false);
            assertThat(readText(file)).isEqualTo("01...567....");
            file.zeroRange(11, 100, true);
            file.allocate(0, 14);
            assertThat(readText(file)).isEqualTo("01...567......");
            assertThat(file.copyFrom(file, 5, 20, 100)).isEqualTo(9);
            assertThat(readText(file)).isEqualTo("01...567............567......");
            assertThat(file.copyFrom(file, 100, 0, 5)).isZero();
            assertThatThrownBy(() -> file.copyFrom(file, 0, 1, 5))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.INVALID_ARGUMENT));
        }
    }

    @Test
    void moreLongWritersThanMayStreamAreAllServed() {
        final byte[] piece = random(300_000);
        final List<OpenFile> files = new ArrayList<>();
        for (int i = 0; i < 3 * WriteBack.Limits.DEFAULT.streams(); i++) {
            files.add(node.inodes.open(node.file(name + i).inode()));
        }
        for (int round = 0; round < 4; round++) {
            for (final OpenFile file : files) {
                file.write((long) round * piece.length, ByteBuffer.wrap(piece));
            }
        }
        files.forEach(file -> {
            assertThat(read(file, 0, 2_000_000)).hasSize(4 * piece.length);
            file.close();
        });
        for (int i = 0; i < files.size(); i++) {
            final Key key = Key.of(name + i);
            try (OpenFile file = node.inodes.open(
                    node.inodes.lookup(node.root, key).orElseThrow().inode())) {
                assertThat(read(file, 3L * piece.length, piece.length)).isEqualTo(piece);
            }
        }
    }

    @Test
    void aTruncationByAnotherClientIsNotUndoneByOldBytes() {
        try (OpenFile file = create();
                InodesFixture.Peer other = node.connect()) {
            file.write(0, text("0123456789"));
            file.sync();
            file.write(4, text("x"));
            other.client().inodes().setAttributes(file.inode(), AttributeChange.NONE.withSize(2));
            file.sync();
            assertThat(readText(file)).isEqualTo("01..x");
        }
    }

    @Test
    void aReplacedFileKeepsItsBytesForWhoHasItOpen() {
        try (OpenFile file = create()) {
            final byte[] bytes = random(3_000_000);
            file.write(0, ByteBuffer.wrap(bytes));
            file.sync();
            node.client
                    .objects()
                    .delete(node.volume, Key.of(name), Optional.empty(), OWNER.qualifiedName(), Precondition.NONE);
            node.node.keeper().runOnce();
            assertThat(read(file, 0, bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void aCommitThatFailsIsReportedToEveryHandleOnce() {
        try (OpenFile writer = create();
                OpenFile witness = node.inodes.open(writer.inode())) {
            node.node
                    .administration()
                    .changeVolume(
                            "bucket",
                            VolumeChange.ofQuota(new Quota(
                                    node.inodes.statistics(node.volume).usage().bytes() + 3, Long.MAX_VALUE)));
            writer.write(0, text("too much"));
            assertThatThrownBy(writer::sync)
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.QUOTA_EXCEEDED));
            assertThatThrownBy(witness::sync)
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.QUOTA_EXCEEDED));
            witness.sync();
            node.node.administration().changeVolume("bucket", VolumeChange.ofQuota(Quota.NONE));
            writer.write(0, text("fits"));
            assertThat(readText(witness)).isEqualTo("fits");
        } catch (final StorageException reported) {
            // The writer's own sync told it; its close must not tell again.
            throw new AssertionError("a failure was reported twice", reported);
        }
    }

    @Test
    void eventsOfAFileTellTheNameAndThePrincipalItWasWrittenBy() {
        final ChangeFeed feed = node.node.client().changes();
        final long before = feed.end(node.volume);
        final Inodes mine = node.inodes.from(new Caller("tenant/me", Optional.empty()));
        final long inode;
        try (OpenFile file = mine.create(node.root, Key.of(name), NewNode.file(0644, OWNER), true)) {
            file.write(0, text("1"));
            inode = file.inode();
        }
        node.inodes
                .from(new Caller("tenant/you", Optional.empty()).at(node.root, Key.of(name)))
                .setAttributes(inode, AttributeChange.NONE.withSize(0));
        node.inodes
                .from(new Caller("tenant/liar", Optional.empty()).at(node.root, Key.of("another")))
                .setAttributes(inode, AttributeChange.NONE.withMode(0600));
        assertThat(feed.read(node.volume, before, 10)).isInstanceOfSatisfying(ChangeFeed.Events.class, read -> {
            assertThat(read.events())
                    .extracting(ChangeEvent::type)
                    .containsExactly(
                            ChangeEvent.Type.CREATED,
                            ChangeEvent.Type.CONTENT,
                            ChangeEvent.Type.TRUNCATED,
                            ChangeEvent.Type.ATTRIBUTES);
            assertThat(read.events())
                    .extracting(event -> event.principal().orElseThrow())
                    .containsExactly("tenant/me", "tenant/me", "tenant/you", "tenant/liar");
            assertThat(read.events().subList(0, 3))
                    .allMatch(event -> event.name().orElseThrow().path().equals(Key.of(name)));
            assertThat(read.events().getLast().name()).isEmpty();
        });
    }
}
