package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.InodeOrBuilder;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of parts of a file's content: a range is cut out of the slices that are there, and others are put in its place. Only slices
 * that the range touches are read and written, however large the file.
 */
final class Ranges {
    /** No slice but a segment is longer, so a slice that reaches into a range begins at most this far before it. */
    static final long SLICE_MAX_BYTES = 4L << 20;

    /** Slices that one command cuts off the end of a file. */
    static final int CUT_MAX = Contents.SHARED_SLICES_MAX;

    private final Transaction transaction;
    private final Contents contents;

    Ranges(final Transaction transaction, final Contents contents) {
        this.transaction = transaction;
        this.contents = contents;
    }

    /** Replaces {@code [from, to)} by these slices, which lie within it; what they leave out becomes a hole. */
    void replace(
            final long id, final Inode.Builder inode, final long from, final long to, final List<Slice> replacement) {
        unpack(id, inode);
        final List<Slice> touched = touching(id, inode, from, to);
        final List<Slice> kept = new ArrayList<>(touched.size() + replacement.size());
        for (final Slice slice : touched) {
            final long start = slice.getFileOffset();
            final long end = start + slice.getLength();
            if (start < from) {
                kept.addAll(at(Contents.cut(List.of(slice), start, from - start), start));
            }
            if (end > to) {
                kept.addAll(at(Contents.cut(List.of(slice), to, end - to), to));
            }
        }
        kept.addAll(replacement);
        // References are taken before old ones are given up, so that no block is thought dead in between.
        kept.forEach(slice -> contents.refer(slice, id));
        inode.setNesting(Math.max(inode.getNesting(), contents.segments().nesting(kept)));
        touched.forEach(slice -> contents.release(slice, id));
        store(id, inode, touched, kept);
    }

    private static List<Slice> at(final List<Slice> slices, final long offset) {
        return slices.stream().map(slice -> Contents.shift(slice, offset)).toList();
    }

    /** Inline data becomes a slice that holds its bytes itself, so that it can be cut. */
    void unpack(final long id, final Inode.Builder inode) {
        if (!inode.getInlineData()) {
            return;
        }
        final byte[] data = transaction
                .store
                .get(Families.INLINE, Keys.of(id))
                .orElseThrow(() -> new IllegalStateException("inline data is missing"));
        transaction.store.delete(Families.INLINE, Keys.of(id));
        inode.setInlineData(false)
                .clearSlices()
                .addSlices(Slice.newBuilder().setLength(data.length).setData(ByteString.copyFrom(data)));
    }

    private List<Slice> touching(final long id, final Inode.Builder inode, final long from, final long to) {
        return touching(transaction.store, id, inode, from, to);
    }

    /** The slices of a file that have bytes in {@code [from, to)}, in order; inline data has none. */
    static List<Slice> touching(
            final KeyValueReader store, final long id, final InodeOrBuilder inode, final long from, final long to) {
        final List<Slice> touching = new ArrayList<>();
        if (!inode.getSpilled()) {
            for (final Slice slice : inode.getSlicesList()) {
                addIfTouching(slice, from, to, touching);
            }
            return touching;
        }
        final long longest = inode.getNesting() == 0 ? SLICE_MAX_BYTES : Segments.MAX_BYTES;
        final byte[] first = Keys.of(id, Math.max(0, from - longest));
        try (Cursor cursor = store.scan(Families.SLICE, first, Keys.of(id, to))) {
            for (; cursor.valid(); cursor.next()) {
                addIfTouching(Records.slice(cursor.value()), from, to, touching);
            }
        }
        return touching;
    }

    private static void addIfTouching(final Slice slice, final long from, final long to, final List<Slice> touching) {
        if (slice.getFileOffset() < to && slice.getFileOffset() + slice.getLength() > from) {
            touching.add(slice);
        }
    }

    /**
     * How far a file that is to end at {@code from} can be cut back from {@code to} in one command: to {@code from} itself, or to where it
     * takes {@link #CUT_MAX} slices at most and half as many at least. Costs a bounded scan for each halving of the range.
     */
    long cutFrom(final long id, final InodeOrBuilder inode, final long from, final long to) {
        if (!inode.getSpilled() || beginningFrom(id, from, to) < CUT_MAX) {
            return from;
        }
        long tooFar = from;
        long near = to;
        while (near - tooFar > 1) {
            final long middle = tooFar + (near - tooFar) / 2;
            final int slices = beginningFrom(id, middle, to);
            if (slices >= CUT_MAX) {
                tooFar = middle;
            } else {
                near = middle;
                if (slices >= CUT_MAX / 2) {
                    break;
                }
            }
        }
        return near;
    }

    /** Slices that begin in a range, no more than {@link #CUT_MAX} of them counted. */
    private int beginningFrom(final long id, final long from, final long to) {
        int count = 0;
        try (Cursor cursor = transaction.store.scan(Families.SLICE, Keys.of(id, from), Keys.of(id, to))) {
            for (; cursor.valid() && count < CUT_MAX; cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private boolean hasSlices(final long id) {
        final byte[] prefix = Keys.of(id);
        try (Cursor cursor = transaction.store.scan(Families.SLICE, prefix, Keys.after(prefix))) {
            return cursor.valid();
        }
    }

    private void store(final long id, final Inode.Builder inode, final List<Slice> gone, final List<Slice> added) {
        if (inode.getSpilled()) {
            gone.forEach(slice -> transaction.store.delete(Families.SLICE, Keys.of(id, slice.getFileOffset())));
            added.forEach(slice -> transaction.put(Families.SLICE, Keys.of(id, slice.getFileOffset()), slice));
            if (added.isEmpty()) {
                inode.setSpilled(hasSlices(id));
            }
            return;
        }
        final List<Slice> all = new ArrayList<>(inode.getSlicesList());
        all.removeAll(gone);
        all.addAll(added);
        all.sort((one, other) -> Long.compare(one.getFileOffset(), other.getFileOffset()));
        inode.clearSlices();
        if (all.size() <= Contents.SLICES_IN_INODE) {
            inode.addAllSlices(all);
        } else {
            inode.setSpilled(true);
            all.forEach(slice -> transaction.put(Families.SLICE, Keys.of(id, slice.getFileOffset()), slice));
        }
    }
}
