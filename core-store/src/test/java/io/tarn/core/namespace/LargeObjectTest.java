package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.client.Usage;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.shard.ShardOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects up to the largest there are: what one entry carries and does stays within bounds. */
final class LargeObjectTest {
    private static final int BLOCK_BYTES = 4 << 20;
    private static final long LARGEST_BYTES = 5L << 40;
    private static final int PARTS_MAX = 10_000;
    private static final Key KEY = Key.of("large");

    private final NamespaceFixture namespace = new NamespaceFixture();
    private final long extent = namespace.apply(allocate()).getAllocated().getExtent();
    private long appended;

    private static Command.Builder allocate() {
        final Command.Builder command = Command.newBuilder();
        command.getAllocateExtentBuilder().setVolume(NamespaceFixture.VOLUME);
        return command;
    }

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    /** Content of blocks of its own. */
    private NewContent written(final long bytes) {
        final NewContent.Builder content = NewContent.newBuilder().setLength(bytes);
        for (long at = 0; at < bytes; at += BLOCK_BYTES) {
            final int length = (int) Math.min(BLOCK_BYTES, bytes - at);
            content.addSlices(Slice.newBuilder()
                    .setFileOffset(at)
                    .setExtent(extent)
                    .setBlockOffset(appended)
                    .setBlockLength(length)
                    .setLength(length));
            appended += length;
        }
        return content.build();
    }

    private NewContent shared(final long inode, final long bytes) {
        return NewContent.newBuilder()
                .setLength(bytes)
                .setCloneInode(inode)
                .setCloneContentGeneration(
                        namespace.queries().contentGeneration(inode).orElseThrow())
                .build();
    }

    private long createUpload() {
        final Command.Builder command = Command.newBuilder();
        command.getCreateUploadBuilder().setVolume(NamespaceFixture.VOLUME);
        command.getCreateUploadBuilder().getUploadBuilder().setKey(ByteString.copyFrom(KEY.toByteArray()));
        return namespace.apply(command).getId().getId();
    }

    private void putPart(final long upload, final int number, final NewContent content) {
        final Command.Builder command = Command.newBuilder();
        command.getPutPartBuilder()
                .setVolume(NamespaceFixture.VOLUME)
                .setKey(ByteString.copyFrom(KEY.toByteArray()))
                .setUpload(upload)
                .setNumber(number)
                .setContent(content)
                .setEtag("0123456789abcdef0123456789abcdef")
                .setChecksum("0123456789ab");
        namespace.apply(command);
    }

    private Command.Builder complete(final long upload, final int parts) {
        final Command.Builder command = Command.newBuilder();
        command.getCompleteUploadBuilder()
                .setVolume(NamespaceFixture.VOLUME)
                .setKey(ByteString.copyFrom(KEY.toByteArray()))
                .setUpload(upload)
                .setEtag("etag");
        for (int number = 1; number <= parts; number++) {
            command.getCompleteUploadBuilder()
                    .addPartsBuilder()
                    .setNumber(number)
                    .setEtag("0123456789abcdef0123456789abcdef");
        }
        return command;
    }

    private List<Slice> read(final String key, final long from, final long to) {
        final NamespaceQueries queries = namespace.queries();
        final List<Slice> leaves = new ArrayList<>();
        final NamespaceQueries.OpenFile file = open(key);
        for (final Slice slice : Contents.cut(file.slices(), from, to - from)) {
            final long inner = slice.getContentOffset();
            leaves.addAll(
                    slice.getContent() == 0
                            ? List.of(slice)
                            : queries.leaves(slice.getContent(), inner, inner + slice.getLength()));
        }
        return leaves;
    }

    private NamespaceQueries.OpenFile open(final String key) {
        return namespace
                .queries()
                .open(NamespaceFixture.VOLUME, Key.of(key), Optional.empty())
                .orElseThrow();
    }

    private int reapAll() {
        int commands = 0;
        long steps;
        do {
            steps = namespace
                    .apply(ExtentProposals.reap(Long.MAX_VALUE))
                    .getId()
                    .getId();
            assertThat(steps).isLessThanOrEqualTo(Reaping.STEPS_MAX);
            commands++;
        } while (steps > 0);
        return commands;
    }

    private long liveBytes() {
        return Records.extent(namespace.store, extent).orElseThrow().getLiveBytes();
    }

    @Test
    void fiveTebibytesOfTenThousandPartsAreCompletedInOneEntryReadAnywhereAndDroppedInSteps() {
        final long partBytes = LARGEST_BYTES / PARTS_MAX;
        final long upload = createUpload();
        // the other parts share the bytes of the first, each with slices of its own: 1.3 million of them
        final int written = 50;
        for (int number = 1; number <= written; number++) {
            putPart(upload, number, written(partBytes));
        }
        final long bytesWritten = liveBytes();
        assertThat(bytesWritten).isEqualTo(written * partBytes);
        final long first =
                Records.part(namespace.store, upload, 1).orElseThrow().getInode();
        for (int number = written + 1; number <= PARTS_MAX; number++) {
            putPart(upload, number, shared(first, partBytes));
        }
        final Command.Builder completion = complete(upload, PARTS_MAX);
        assertThat(completion.build().getSerializedSize()).isLessThan(ShardOptions.ENTRY_BYTES_MAX / 2);
        namespace.apply(completion);

        assertThat(namespace.usage()).isEqualTo(new Usage(partBytes * PARTS_MAX, 1));
        final long size = partBytes * PARTS_MAX;
        for (final long from : List.of(0L, partBytes - 1, size / 3, 777 * partBytes + 12_345, size - 5)) {
            final long to = Math.min(size, from + (1 << 20));
            final List<Slice> leaves = read("large", from, to);
            assertThat(leaves.stream().mapToLong(Slice::getLength).sum()).isEqualTo(to - from);
            final long within = from % partBytes;
            assertThat(leaves.getFirst().getSkip()).isEqualTo((int) (within % BLOCK_BYTES));
            assertThat(leaves.getFirst().getBlockOffset() % partBytes).isEqualTo(within - within % BLOCK_BYTES);
        }

        namespace.delete("large");
        assertThat(namespace.usage()).isEqualTo(new Usage(0, 0));
        assertThat(liveBytes()).isEqualTo(bytesWritten);
        assertThat(reapAll()).isGreaterThan(10);
        assertThat(liveBytes()).isZero();
        namespace.drop();
    }

    @Test
    void anAbortedUploadIsGivenUpInSteps() {
        final long upload = createUpload();
        for (int number = 1; number <= 100; number++) {
            putPart(upload, number, written(100L * BLOCK_BYTES));
        }
        final Command.Builder abort = Command.newBuilder();
        abort.getAbortUploadBuilder()
                .setVolume(NamespaceFixture.VOLUME)
                .setKey(ByteString.copyFrom(KEY.toByteArray()))
                .setUpload(upload);
        namespace.apply(abort);
        assertThat(namespace.usage()).isEqualTo(new Usage(0, 0));
        assertThat(reapAll()).isGreaterThan(5);
        assertThat(liveBytes()).isZero();
        namespace.drop();
    }

    @Test
    void aReaderThatOpenedBeforeTheDeletionFindsTheSlicesUntilTheyAreReaped() {
        final long upload = createUpload();
        putPart(upload, 1, written(20L * BLOCK_BYTES));
        putPart(upload, 2, written(30L * BLOCK_BYTES));
        namespace.apply(complete(upload, 2));
        final List<Slice> before = read("large", 0, 50L * BLOCK_BYTES);
        final Slice second = open("large").slices().getLast();
        namespace.delete("large");
        assertThat(namespace.apply(ExtentProposals.reap(1)).getId().getId()).isZero();
        assertThat(namespace.queries().leaves(second.getContent(), 0, 30L * BLOCK_BYTES))
                .hasSize(30)
                .last()
                .satisfies(leaf -> assertThat(leaf.getBlockOffset())
                        .isEqualTo(before.getLast().getBlockOffset()));
        reapAll();
        assertThat(liveBytes()).isZero();
    }

    @Test
    void ofVeryManyPartsTheSlicesAreLookedUpAsTheyAreReadEvenAfterTheDeletion() {
        final long upload = createUpload();
        final int parts = Contents.DETACHED_AT_ONCE_MAX + 1;
        final long partBytes = 9L * BLOCK_BYTES;
        for (int number = 1; number <= parts; number++) {
            putPart(upload, number, written(partBytes));
        }
        namespace.apply(complete(upload, parts));
        final NamespaceQueries.OpenFile opened = open("large");
        assertThat(opened.slices()).hasSizeLessThan(parts);
        final Slice itself = opened.slices().getFirst();
        assertThat(itself.getContent()).isEqualTo(opened.info().inode());
        namespace.delete("large");
        assertThat(namespace.queries().leaves(itself.getContent(), partBytes - 1, partBytes + 1))
                .extracting(Slice::getBlockOffset)
                .containsExactly(8L * BLOCK_BYTES, 9L * BLOCK_BYTES);
        reapAll();
        assertThat(liveBytes()).isZero();
    }

    @Test
    void copiesShareThePartsAndOutliveTheOriginal() {
        final long upload = createUpload();
        for (int number = 1; number <= 3; number++) {
            putPart(upload, number, written(12L * BLOCK_BYTES));
        }
        namespace.apply(complete(upload, 3));
        final long original =
                namespace.find("large", Optional.empty()).orElseThrow().inode();
        namespace.apply(NamespaceCommands.putObject(
                NamespaceFixture.VOLUME,
                Key.of("copy"),
                NamespaceFixture.OWNER,
                shared(original, 36L * BLOCK_BYTES),
                "etag",
                ObjectMeta.NONE,
                Precondition.NONE));
        final List<Slice> bytes = read("large", 0, 36L * BLOCK_BYTES);
        namespace.delete("large");
        reapAll();
        assertThat(read("copy", 0, 36L * BLOCK_BYTES)).isEqualTo(bytes);
        assertThat(liveBytes()).isEqualTo(36L * BLOCK_BYTES);
        namespace.delete("copy");
        reapAll();
        assertThat(liveBytes()).isZero();
    }

    @Test
    void aFileOfAMillionSlicesIsTruncatedInSteps() {
        final int pieceBytes = 4 << 10;
        final int piecesInWrite = 1 << 14;
        final int writes = 64;
        final long root =
                namespace.queries().nodes().root(NamespaceFixture.VOLUME).inode();
        final NewNode what = NewNode.file(0644, NamespaceFixture.OWNER);
        final long file = namespace
                .apply(NodeProposals.make(root, KEY, what, true, false))
                .getNode()
                .getInode();
        for (int write = 0; write < writes; write++) {
            final NewContent.Builder content = NewContent.newBuilder().setLength((long) piecesInWrite * pieceBytes);
            for (int piece = 0; piece < piecesInWrite; piece++) {
                content.addSlices(Slice.newBuilder()
                        .setFileOffset((long) piece * pieceBytes)
                        .setExtent(extent)
                        .setBlockOffset(appended)
                        .setBlockLength(pieceBytes)
                        .setLength(pieceBytes));
                appended += pieceBytes;
            }
            namespace.apply(NodeProposals.append(file, content.build(), 0));
        }
        final long size = (long) writes * piecesInWrite * pieceBytes;
        assertThat(liveBytes()).isEqualTo(size);
        final long wanted = 3L * pieceBytes + 5;
        int commands = 0;
        for (long now = size; now > wanted; commands++) {
            final long after = namespace
                    .apply(NodeProposals.setAttributes(file, AttributeChange.NONE.withSize(wanted), 0))
                    .getNode()
                    .getAttributes()
                    .getSize();
            assertThat(after).isLessThan(now);
            assertThat((now - after) / pieceBytes).isLessThanOrEqualTo(Ranges.CUT_MAX);
            now = after;
        }
        assertThat(commands).isBetween(writes, 2 * writes + 2);
        assertThat(liveBytes()).isEqualTo(4L * pieceBytes);
        assertThat(namespace.usage()).isEqualTo(new Usage(wanted, 1));
    }
}
