package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.BlockReference;
import io.tarn.core.namespace.wire.DirtyExtent;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Binds bytes to inodes: slices, inline data, and the reference that every slice holds on its block. A block lives while any
 * inode refers to it; when the last reference goes, its extent is marked dirty and a cleaner gives the space back.
 *
 * <p>Up to {@link #SLICES_IN_INODE} slices stand in the inode record, so that a small file is one read; more go to a family of
 * their own.
 */
final class Contents {
    static final int SLICES_IN_INODE = 8;
    /** Content of more slices is not given up in the entry that drops it, but later and in steps. */
    static final int DETACHED_AT_ONCE_MAX = 64;

    /** Slices that one command gives another inode references on, when it keeps a version of a file. */
    static final int SHARED_SLICES_MAX = 1 << 14;

    private final Transaction transaction;
    private final Segments segments;

    Contents(final Transaction transaction) {
        this.transaction = transaction;
        this.segments = new Segments(transaction);
    }

    Segments segments() {
        return segments;
    }

    /** All slices of an inode in the order of the file. */
    static List<Slice> slices(final KeyValueReader store, final long id, final Inode inode) {
        if (!inode.getSpilled()) {
            return inode.getSlicesList();
        }
        final List<Slice> slices = new ArrayList<>();
        final byte[] prefix = Keys.of(id);
        try (Cursor cursor = store.scan(Families.SLICE, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                slices.add(Records.slice(cursor.value()));
            }
        }
        return slices;
    }

    /** Gives the new inode {@code id} its content; the size is set, references are taken. */
    Inode.Builder attach(final long id, final Inode.Builder inode, final NewContent content, final long session) {
        if (content.getCloneInode() != 0) {
            return attachClone(id, inode, content);
        }
        inode.setSize(content.getLength());
        if (!content.getInlineData().isEmpty()) {
            return attachInline(id, inode, content.getInlineData());
        }
        requireSound(content, inode.getVolume(), session);
        return attachSlices(id, inode, content.getSlicesList());
    }

    /** Checks the slices of content that a session has written: they follow each other, and it may name their bytes. */
    void requireSound(final NewContent content, final long volume, final long session) {
        long end = 0;
        for (final Slice slice : content.getSlicesList()) {
            if (slice.getFileOffset() != end) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "slices do not follow each other");
            }
            end += slice.getLength();
            if (slice.getExtent() == 0) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "a slice without extent");
            }
            if (slice.getLength() <= 0
                    || slice.getSkip() < 0
                    || slice.getSkip() > slice.getBlockLength() - slice.getLength()
                    || slice.getLength() > Ranges.SLICE_MAX_BYTES) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "a slice is empty or longer than its block");
            }
            requireWritable(slice, volume, session);
        }
        if (end != content.getLength()) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT,
                    "slices end at %d, the content at %d".formatted(end, content.getLength()));
        }
    }

    private Inode.Builder attachInline(final long id, final Inode.Builder inode, final ByteString data) {
        if (data.size() != inode.getSize()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "inline data does not have the length of the content");
        }
        transaction.store.put(Families.INLINE, Keys.of(id), data.toByteArray());
        return inode.setInlineData(true);
    }

    private Inode.Builder attachClone(final long id, final Inode.Builder inode, final NewContent content) {
        final long sourceId = content.getCloneInode();
        final Inode source = Records.inode(transaction.store, sourceId)
                .filter(found -> found.getContentGeneration() == content.getCloneContentGeneration())
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the source of the copy has changed"));
        requireSameVolume(source, inode.getVolume());
        final long from = content.getCloneOffset();
        final long length = content.getLength();
        if (from < 0 || length < 0 || from > source.getSize() - length) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the range to copy is outside of the source");
        }
        inode.setSize(length);
        if (source.getType() == FileType.SYMLINK) {
            final ByteString target = source.getSymlinkTarget().substring((int) from, (int) (from + length));
            return target.isEmpty() ? inode : attachInline(id, inode, target);
        }
        if (source.getInlineData()) {
            final byte[] data = transaction
                    .store
                    .get(Families.INLINE, Keys.of(sourceId))
                    .orElseThrow(() -> new IllegalStateException("inline data is missing"));
            return length == 0 ? inode : attachInline(id, inode, ByteString.copyFrom(data, (int) from, (int) length));
        }
        return attachSlices(id, inode, cut(slices(transaction.store, sourceId, source), from, length));
    }

    /** Bytes are shared within a volume only, for an extent belongs to one: a token names it, a policy rules it, a drop ends it. */
    static void requireSameVolume(final Inode source, final long volume) {
        if (source.getVolume() != volume) {
            throw new StorageException(Failure.CROSS_VOLUME, "bytes are shared within their volume only");
        }
    }

    /** Makes these slices the content of an inode that has none. */
    Inode.Builder attachSlices(final long id, final Inode.Builder inode, final List<Slice> slices) {
        for (final Slice slice : slices) {
            refer(slice, id);
        }
        inode.setNesting(segments.nesting(slices));
        if (slices.size() <= SLICES_IN_INODE) {
            return inode.clearSlices().addAllSlices(slices);
        }
        for (final Slice slice : slices) {
            transaction.put(Families.SLICE, Keys.of(id, slice.getFileOffset()), slice);
        }
        return inode.setSpilled(true);
    }

    /**
     * Gives a new inode the whole content of another.
     *
     * @throws StorageException {@code TOO_LARGE} for one of more than {@link #SHARED_SLICES_MAX} slices
     */
    Inode.Builder share(final long sourceId, final Inode source, final long id, final Inode.Builder inode) {
        if (source.getInlineData()) {
            return attachInline(id, inode, asSlices(sourceId, source).getFirst().getData());
        }
        final List<Slice> slices = source.getSpilled()
                ? spilled(transaction.store, sourceId, SHARED_SLICES_MAX + 1)
                : source.getSlicesList();
        if (slices.size() > SHARED_SLICES_MAX) {
            throw new StorageException(
                    Failure.TOO_LARGE,
                    "a file of more than " + SHARED_SLICES_MAX + " pieces is not kept as an old version in one commit");
        }
        return attachSlices(id, inode.clearSlices().setSpilled(false), slices);
    }

    /** The slices that cover {@code [from, from + length)}, moved so that the range begins at 0. */
    static List<Slice> cut(final List<Slice> slices, final long from, final long length) {
        final List<Slice> result = new ArrayList<>();
        final long to = from + length;
        for (final Slice slice : slices) {
            final long start = Math.max(from, slice.getFileOffset());
            final long end = Math.min(to, slice.getFileOffset() + slice.getLength());
            if (start < end) {
                result.add(cutOne(slice, start, end, from));
            }
        }
        return result;
    }

    private static Slice cutOne(final Slice slice, final long start, final long end, final long origin) {
        final int skipped = (int) (start - slice.getFileOffset());
        final int length = (int) (end - start);
        final Slice.Builder part =
                slice.toBuilder().setFileOffset(start - origin).setLength(length);
        if (slice.getContent() != 0) {
            return part.setContentOffset(slice.getContentOffset() + skipped).build();
        }
        return slice.getExtent() == 0
                ? part.setData(slice.getData().substring(skipped, skipped + length))
                        .build()
                : part.setSkip(slice.getSkip() + skipped).build();
    }

    /** The content as slices, whatever its form. */
    List<Slice> asSlices(final long id, final Inode inode) {
        if (!inode.getInlineData()) {
            return slices(transaction.store, id, inode);
        }
        final byte[] data = transaction
                .store
                .get(Families.INLINE, Keys.of(id))
                .orElseThrow(() -> new IllegalStateException("inline data is missing"));
        return List.of(Slice.newBuilder()
                .setLength(data.length)
                .setData(ByteString.copyFrom(data))
                .build());
    }

    static Slice shift(final Slice slice, final long by) {
        return slice.toBuilder().setFileOffset(slice.getFileOffset() + by).build();
    }

    /** Drops all content of an inode that is about to go; of a long one the slices stay, to be given up in steps. */
    void detach(final long id, final Inode inode) {
        if (inode.getInlineData()) {
            transaction.store.delete(Families.INLINE, Keys.of(id));
        }
        if (!inode.getSpilled()) {
            inode.getSlicesList().forEach(slice -> release(slice, id));
        } else if (goesInSteps(transaction.store, id)) {
            segments.doom(id);
        } else {
            releaseSpilled(id, DETACHED_AT_ONCE_MAX);
        }
    }

    /** Whether the slices of an inode that keeps them apart are so many that they stay for a while when it goes. */
    static boolean goesInSteps(final KeyValueReader store, final long id) {
        return spilled(store, id, DETACHED_AT_ONCE_MAX + 1).size() > DETACHED_AT_ONCE_MAX;
    }

    private static List<Slice> spilled(final KeyValueReader store, final long id, final int limit) {
        final byte[] prefix = Keys.of(id);
        final List<Slice> slices = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.SLICE, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && slices.size() < limit; cursor.next()) {
                slices.add(Records.slice(cursor.value()));
            }
        }
        return slices;
    }

    /** Gives up the first slices of a family of many, at most {@code limit}; returns how many there were. */
    int releaseSpilled(final long id, final int limit) {
        final List<Slice> slices = spilled(transaction.store, id, limit);
        for (final Slice slice : slices) {
            release(slice, id);
            transaction.store.delete(Families.SLICE, Keys.of(id, slice.getFileOffset()));
        }
        return slices.size();
    }

    void requireWritable(final Slice slice, final long volume, final long session) {
        final ExtentRecord extent = Records.extent(transaction.store, slice.getExtent())
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the extent written to is gone"));
        if (extent.getVolume() != volume) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the extent belongs to another volume");
        }
        final boolean writable = extent.getState() == ExtentState.OPEN || extent.getState() == ExtentState.SEALED;
        if (!writable || extent.getSession() != session) {
            throw new StorageException(
                    Failure.STALE_SESSION, "the extent is no longer this session's to name bytes of");
        }
        final long end = slice.getBlockOffset() + slice.getBlockLength();
        if (extent.getState() == ExtentState.SEALED && end > extent.getLength()) {
            throw new StorageException(Failure.CONFLICT, "the extent was sealed before these bytes");
        }
    }

    /** Exchanges slices one for one, at the same file offsets. */
    void replace(final long id, final Inode inode, final List<Slice> before, final List<Slice> after) {
        for (int at = 0; at < before.size(); at++) {
            final Slice slice = after.get(at);
            if (!slice.equals(before.get(at))) {
                refer(slice, id);
                release(before.get(at), id);
                if (inode.getSpilled()) {
                    transaction.put(Families.SLICE, Keys.of(id, slice.getFileOffset()), slice);
                }
            }
        }
        if (!inode.getSpilled()) {
            transaction.putInode(
                    id, inode.toBuilder().clearSlices().addAllSlices(after).build());
        }
    }

    private static byte[] referenceKey(final Slice slice, final long id) {
        return Keys.of(slice.getExtent(), slice.getBlockOffset(), id);
    }

    void refer(final Slice slice, final long id) {
        if (slice.getExtent() == 0) {
            segments.refer(slice);
            return;
        }
        final byte[] key = referenceKey(slice, id);
        final BlockReference own = Records.get(transaction.store, Families.REFERENCE, key, BlockReference.parser())
                .orElse(BlockReference.getDefaultInstance());
        final Optional<BlockReference> known = own.getCount() > 0 ? Optional.of(own) : anyReference(slice);
        if (known.isEmpty()) {
            addLive(slice.getExtent(), slice.getBlockLength());
        } else if (known.get().getBlockLength() != slice.getBlockLength()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the block has another length");
        }
        transaction.put(
                Families.REFERENCE,
                key,
                BlockReference.newBuilder()
                        .setBlockLength(slice.getBlockLength())
                        .setBlockChecksum(slice.getBlockChecksum())
                        .setCount(own.getCount() + 1)
                        .build());
    }

    void release(final Slice slice, final long id) {
        if (slice.getExtent() == 0) {
            segments.release(slice);
            return;
        }
        final byte[] key = referenceKey(slice, id);
        final BlockReference own = Records.get(transaction.store, Families.REFERENCE, key, BlockReference.parser())
                .orElseThrow(() -> new IllegalStateException("a slice without its reference"));
        if (own.getCount() > 1) {
            transaction.put(
                    Families.REFERENCE,
                    key,
                    own.toBuilder().setCount(own.getCount() - 1).build());
            return;
        }
        transaction.store.delete(Families.REFERENCE, key);
        if (anyReference(slice).isEmpty()) {
            addLive(slice.getExtent(), -slice.getBlockLength());
            markDirty(slice.getExtent(), slice.getBlockLength());
        }
    }

    /** What some inode's reference says of the block of this slice. */
    private Optional<BlockReference> anyReference(final Slice slice) {
        final byte[] prefix = Keys.of(slice.getExtent(), slice.getBlockOffset());
        try (Cursor cursor = transaction.store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            return cursor.valid()
                    ? Optional.of(Records.parse(BlockReference.parser(), cursor.value()))
                    : Optional.empty();
        }
    }

    private void addLive(final long extent, final int bytes) {
        final ExtentRecord record = Records.extent(transaction.store, extent)
                .orElseThrow(() -> new IllegalStateException("slice in a missing extent"));
        transaction.put(
                Families.EXTENT,
                Keys.of(extent),
                record.toBuilder().setLiveBytes(record.getLiveBytes() + bytes).build());
    }

    /** Remembers that the extent has space to give back, and since which point of the log. */
    void markDirty(final long extent, final long freedBytes) {
        final byte[] key = Keys.of(extent);
        final long before = Records.get(transaction.store, Families.DIRTY, key, DirtyExtent.parser())
                .map(DirtyExtent::getFreedBytes)
                .orElse(0L);
        transaction.put(
                Families.DIRTY,
                key,
                DirtyExtent.newBuilder()
                        .setIndex(transaction.index())
                        .setFreedBytes(before + freedBytes)
                        .build());
    }
}
