package io.tarn.core.session;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;

/** Bytes of a file from its slices: one verified read for each block that is touched, straight into the target. Thread-safe. */
record SliceRun(List<Slice> slices, BlockReader blocks) {
    private static final byte[] ZEROS = new byte[8 << 10];

    /** Fills {@code wanted} bytes of {@code target} from {@code offset} on; what no slice covers reads as zeros. */
    void read(final long offset, final int wanted, final ByteBuffer target) {
        final long end = offset + wanted;
        long at = offset;
        for (int next = sliceAt(offset); at < end && next < slices.size(); next++) {
            final Slice slice = slices.get(next);
            if (slice.getFileOffset() >= end) {
                break;
            }
            at = zeros(slice.getFileOffset(), at, target);
            final int skipped = (int) (at - slice.getFileOffset());
            final int length = (int) Math.min(slice.getLength() - skipped, end - at);
            readSlice(slice, skipped, length, target);
            at += length;
        }
        zeros(end, at, target);
    }

    private void readSlice(final Slice slice, final int skipped, final int length, final ByteBuffer target) {
        if (slice.getExtent() == 0) {
            slice.getData().substring(skipped, skipped + length).copyTo(target);
            return;
        }
        final Block block = new Block(
                new ExtentId(slice.getExtent()),
                slice.getBlockOffset(),
                slice.getBlockLength(),
                slice.getBlockChecksum());
        blocks.read(block, slice.getSkip() + skipped, length, target);
    }

    /** A hole up to {@code until}. */
    static long zeros(final long until, final long at, final ByteBuffer target) {
        for (long left = until - at; left > 0; left -= ZEROS.length) {
            target.put(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
        return Math.max(at, until);
    }

    /** The first slice that ends after {@code offset}. */
    private int sliceAt(final long offset) {
        int low = 0;
        int high = slices.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            final Slice slice = slices.get(middle);
            if (slice.getFileOffset() + slice.getLength() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
