package io.tarn.core.session;

import static io.tarn.core.session.InodesFixture.OWNER;
import static io.tarn.core.session.InodesFixture.random;
import static io.tarn.core.session.InodesFixture.read;
import static io.tarn.core.session.InodesFixture.readText;
import static io.tarn.core.session.InodesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.AttributeChange;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.RenameMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Handles for reading: what they cost the shard, and how long the bytes stay when the file goes. */
class ReadingHandleTest {
    private static final int LARGE_BYTES = 3_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_NANOS = 1_000_000;

    @TempDir
    static Path data;

    private static InodesFixture node;
    private static InodesFixture.Peer other;
    private static Inodes others;

    private Key name;

    @BeforeAll
    static void start(final TestInfo test) {
        node = new InodesFixture(data, test);
        other = node.connect();
        others = other.client().inodes();
    }

    @AfterAll
    static void stop() {
        other.close();
        node.close();
    }

    @BeforeEach
    void nameOfTheTest(final TestInfo test) {
        name = Key.of(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void theStoreIsSoundAndNobodyPinsIt() {
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
        nobodyPinsIt();
    }

    /** Clients in other processes give their pins back a moment later. */
    private static void nobodyPinsIt() {
        final ReadPins pins = node.node.sessions().getFirst().pins();
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (pins.reclaimableUpTo(Long.MAX_VALUE) != Long.MAX_VALUE) {
            assertThat(System.nanoTime()).as("a pin is kept").isLessThan(deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long file(final byte[] bytes) {
        try (OpenFile file = node.inodes.create(node.root, name, NewNode.file(0644, OWNER), true)) {
            file.write(0, ByteBuffer.wrap(bytes));
            return file.inode();
        }
    }

    private static void pass(final Duration time) {
        node.pass(time);
    }

    private static void fails(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                .isEqualTo(failure));
    }

    @Test
    void anOpeningTellsTheInodeThatItAskedTheShardFor() {
        final long inode = file(random(100));
        final Node written = others.find(inode).orElseThrow();
        try (OpenFile first = node.inodes.openForReading(inode);
                OpenFile second = node.inodes.openForReading(inode)) {
            assertThat(first.atOpening()).contains(written);
            assertThat(second.atOpening()).isEmpty();
        }
        try (OpenFile writer = node.inodes.open(inode)) {
            assertThat(writer.atOpening().map(Node::contentGeneration)).contains(written.contentGeneration());
        }
    }

    @Test
    void aFileThatIsRemovedByAnotherClientStaysReadable() {
        final byte[] bytes = random(LARGE_BYTES);
        final long inode = file(bytes);
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            others.unlink(node.root, name, "");
            // The shard did not know of the reader.
            assertThat(others.find(inode)).isEmpty();
            node.node.keeper().runOnce();
            assertThat(read(reader, 0, LARGE_BYTES)).isEqualTo(bytes);
            assertThat(read(reader, LARGE_BYTES - 10, 100)).hasSize(10);
            assertThat(reader.nextHole(0)).isEqualTo(OptionalLong.of(LARGE_BYTES));
            assertThat(reader.node().links()).isZero();
            assertThat(reader.node().size()).isEqualTo(LARGE_BYTES);
        }
    }

    @Test
    void soDoesOneOfManySlices() {
        final int pieces = 80;
        final byte[] piece = random(40_000);
        final long inode = file(new byte[0]);
        try (OpenFile writer = node.inodes.open(inode)) {
            for (int i = 0; i < pieces; i++) {
                writer.write((long) i * piece.length, ByteBuffer.wrap(piece));
                writer.sync();
            }
        }
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            others.unlink(node.root, name, "");
            node.node.keeper().runOnce();
            for (int i = 0; i < pieces; i++) {
                assertThat(read(reader, (long) i * piece.length, piece.length)).isEqualTo(piece);
            }
        }
    }

    private static byte[] known(
            final OpenFile reader, final int offset, final int length, final long contentGeneration) {
        final ByteBuffer target = ByteBuffer.allocate(length);
        assertThat(reader.read(offset, target, contentGeneration)).isEqualTo(length);
        return target.array();
    }

    @Test
    void whoKnowsTheContentReadsWhatHeSawOfItThoughItWasReplaced() {
        final byte[] bytes = random(LARGE_BYTES);
        final long inode = file(bytes);
        final long generation = node.inodes.find(inode).orElseThrow().contentGeneration();
        final byte[] replaced = {1, 2, 3};
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            try (OpenFile writer = others.open(inode)) {
                writer.write(0, ByteBuffer.wrap(replaced));
            }
            node.node.keeper().runOnce();
            assertThat(known(reader, 0, 3, generation)).isEqualTo(Arrays.copyOf(bytes, 3));
            assertThat(known(reader, LARGE_BYTES - 500_000, 500_000, generation))
                    .isEqualTo(Arrays.copyOfRange(bytes, LARGE_BYTES - 500_000, LARGE_BYTES));
            assertThat(read(reader, 0, 3)).isEqualTo(replaced);
            assertThat(known(reader, 0, 3, generation)).as("seen since").isEqualTo(replaced);
        }
    }

    @Test
    void whatTheShardHoldsItIsAskedFor() {
        final byte[] bytes = random(LARGE_BYTES);
        final long inode = file(bytes);
        final long generation = node.inodes.find(inode).orElseThrow().contentGeneration();
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            pass(OpenTable.UNKNOWN_MAX);
            node.node.keeper().runOnce();
            assertThat(known(reader, 5, 100_000, generation)).isEqualTo(Arrays.copyOfRange(bytes, 5, 100_005));
        }
    }

    @Test
    void whatWasReadLastIsWhatIsReadOn() {
        final long inode = file(new byte[] {'a'});
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            try (OpenFile writer = others.open(inode)) {
                writer.write(0, text("new"));
            }
            assertThat(readText(reader)).isEqualTo("new");
            others.unlink(node.root, name, "");
            assertThat(readText(reader)).isEqualTo("new");
        }
    }

    @Test
    void aFileThatWentUnseenIsStaleInTheEnd() {
        final long inode = file(random(LARGE_BYTES));
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            others.unlink(node.root, name, "");
            pass(OpenTable.UNKNOWN_MAX);
            assertThat(read(reader, 0, 10)).hasSize(10);
            pass(OpenTable.GONE_KEPT);
            fails(Failure.NOT_FOUND, () -> read(reader, 0, 10));
            fails(Failure.STALE_SESSION, reader::node);
            nobodyPinsIt();
        }
    }

    @Test
    void aReaderThatStaysIsKnownToTheShardAndPinsNothing() {
        final byte[] bytes = random(LARGE_BYTES);
        final long inode = file(bytes);
        final OpenFile second = node.inodes.openForReading(inode);
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            pass(OpenTable.UNKNOWN_MAX);
            nobodyPinsIt();
            others.unlink(node.root, name, "");
            assertThat(others.find(inode)).isPresent();
            pass(OpenTable.GONE_KEPT);
            assertThat(read(reader, 0, LARGE_BYTES)).isEqualTo(bytes);
            second.close();
            assertThat(others.find(inode)).isPresent();
        }
        assertThat(others.find(inode)).isEmpty();
    }

    @Test
    void whoRemovesAFileThroughTheClientThatReadsItKeepsIt() {
        final long inode = file(new byte[] {'a'});
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            node.inodes.unlink(node.root, name, "");
            assertThat(others.find(inode)).isPresent();
            pass(OpenTable.GONE_KEPT);
            assertThat(readText(reader)).isEqualTo("a");
        }
        assertThat(others.find(inode)).isEmpty();
    }

    @Test
    void soDoesWhoPutsAnotherInItsPlace() {
        final long inode = file(new byte[] {'a'});
        final Node next = node.file(name + "-next");
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            node.inodes.rename(node.root, Key.of(name + "-next"), node.root, name, RenameMode.REPLACE, "");
            pass(OpenTable.GONE_KEPT);
            assertThat(readText(reader)).isEqualTo("a");
        }
        assertThat(others.find(inode)).isEmpty();
        assertThat(others.lookup(node.root, name).map(Node::inode)).contains(next.inode());
    }

    @Test
    void aReaderOutlivesTheWriterItSharesTheFileWith() {
        final OpenFile writer = node.inodes.create(node.root, name, NewNode.file(0644, OWNER), true);
        try (OpenFile reader = node.inodes.openForReading(writer.inode())) {
            writer.write(0, text("dirty"));
            assertThat(readText(reader)).isEqualTo("dirty");
            others.unlink(node.root, name, "");
            writer.close();
            pass(OpenTable.GONE_KEPT);
            assertThat(readText(reader)).isEqualTo("dirty");
        }
        assertThat(others.find(writer.inode())).isEmpty();
    }

    @Test
    void aHandleForReadingChangesNoBytes() {
        final long inode = file(new byte[] {'a'});
        try (OpenFile reader = node.inodes.openForReading(inode)) {
            fails(Failure.INVALID_ARGUMENT, () -> reader.write(0, text("b")));
            fails(Failure.INVALID_ARGUMENT, () -> reader.append(text("b")));
            fails(Failure.INVALID_ARGUMENT, () -> reader.truncate(0));
            fails(Failure.INVALID_ARGUMENT, () -> reader.allocate(0, 10));
            fails(Failure.INVALID_ARGUMENT, () -> reader.copyFrom(reader, 0, 1, 1));
            reader.sync();
            assertThat(readText(reader)).isEqualTo("a");
        }
        fails(Failure.IS_A_DIRECTORY, () -> node.inodes.openForReading(node.root));
        fails(Failure.NOT_FOUND, () -> node.inodes.openForReading(inode + 1_000_000));
    }

    @Test
    void attributesThatComeWithTheBytesAreCommittedWithThem() {
        final long time = 1_234_567_890_000_000_000L;
        final AttributeChange change = AttributeChange.NONE
                .withMode(0600)
                .withTimes(Optional.empty(), Optional.of(new AttributeChange.At(time)));
        try (OpenFile file = node.inodes.create(node.root, name, NewNode.file(0644, OWNER), true)) {
            file.write(0, text("bytes"));
            file.setAttributes(change);
            assertThat(file.node().mode()).isEqualTo(0600);
            assertThat(file.node().times().modified()).isEqualTo(time);
            assertThat(others.find(file.inode()).orElseThrow().mode()).isEqualTo(0644);
            file.sync();
            assertThat(others.find(file.inode()).orElseThrow().mode()).isEqualTo(0600);
            assertThat(others.find(file.inode()).orElseThrow().times().modified())
                    .isEqualTo(time);
            file.write(0, text("B"));
            file.setAttributes(change);
            file.write(1, text("Y"));
            fails(Failure.INVALID_ARGUMENT, () -> file.setAttributes(change.withSize(1)));
        }
        final Node closed = others.lookup(node.root, name).orElseThrow();
        assertThat(closed.times().modified())
                .as("a later write has its own time")
                .isGreaterThan(time);
        assertThat(closed.size()).isEqualTo(5);
    }
}
