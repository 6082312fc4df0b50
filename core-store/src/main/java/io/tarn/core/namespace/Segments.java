package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.DoomedContent;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Segments: slices that stand for a range of another inode's content. A multipart upload is completed with them, so that the
 * entry grows with the number of parts and not with their bytes: 5 TiB of 10,000 parts are 10,000 segments, whatever number of
 * blocks the parts were written in.
 *
 * <p>The inode referred to is <em>content only</em>: it has no name, is not charged for (the files are), and never changes but
 * where its blocks are moved. Its link count is the number of segments on it. When the last one goes it is doomed: slices stay
 * readable for whoever opened a file before, until {@link Reaping} gives them up.
 */
final class Segments {
    /** Longest range of one segment; a longer part is several. */
    static final long MAX_BYTES = 1L << 30;
    /** Contents in contents in contents: copies of parts of copies. Looking a byte up takes as many steps. */
    static final int NESTING_MAX = 32;

    private final Transaction transaction;

    Segments(final Transaction transaction) {
        this.transaction = transaction;
    }

    /** The whole content of {@code inode} as segments from {@code offset} on. */
    static List<Slice> covering(final long inode, final long sizeBytes, final long offset) {
        final List<Slice> segments = new ArrayList<>();
        for (long at = 0; at < sizeBytes; at += MAX_BYTES) {
            segments.add(Slice.newBuilder()
                    .setFileOffset(offset + at)
                    .setLength((int) Math.min(MAX_BYTES, sizeBytes - at))
                    .setContent(inode)
                    .setContentOffset(at)
                    .build());
        }
        return segments;
    }

    /** What of a file of many slices is left between its end and that of its slices. */
    static Optional<Inode> leftOver(final KeyValueReader store, final long id) {
        return Records.get(store, Families.DOOMED, Keys.of(id), DoomedContent.parser())
                .map(doomed -> Inode.newBuilder()
                        .setType(FileType.REGULAR)
                        .setVolume(doomed.getVolume())
                        .setSize(Long.MAX_VALUE)
                        .setSpilled(true)
                        .setNesting(1)
                        .build());
    }

    /** Makes a file that loses its one name a content for segments to refer to; with none, it is given up. */
    void keepContent(final long id, final Inode file) {
        transaction.putInode(
                id,
                file.toBuilder().setContentOnly(true).setNlink(0).clearObject().build());
    }

    /** How deep the segments among these slices lie. */
    int nesting(final List<Slice> slices) {
        int deepest = 0;
        for (final Slice slice : slices) {
            if (slice.getContent() != 0) {
                deepest = Math.max(
                        deepest, 1 + transaction.inode(slice.getContent()).getNesting());
            }
        }
        if (deepest > NESTING_MAX) {
            throw new StorageException(
                    Failure.TOO_LARGE, "copies of parts are nested more than %d deep".formatted(NESTING_MAX));
        }
        return deepest;
    }

    void refer(final Slice slice) {
        if (slice.getContent() != 0) {
            final Inode content = transaction.inode(slice.getContent());
            transaction.putInode(
                    slice.getContent(),
                    content.toBuilder().setNlink(content.getNlink() + 1).build());
        }
    }

    void release(final Slice slice) {
        if (slice.getContent() != 0) {
            final Inode content = transaction.inode(slice.getContent());
            transaction.putInode(
                    slice.getContent(),
                    content.toBuilder().setNlink(content.getNlink() - 1).build());
            if (content.getNlink() == 1) {
                doom(slice.getContent());
            }
        }
    }

    /** Nothing refers to the content of this inode any more; it is given up later, in steps. */
    void doom(final long id) {
        transaction.put(
                Families.DOOMED,
                Keys.of(id),
                DoomedContent.newBuilder()
                        .setIndex(transaction.index())
                        .setVolume(transaction.inode(id).getVolume())
                        .build());
    }
}
