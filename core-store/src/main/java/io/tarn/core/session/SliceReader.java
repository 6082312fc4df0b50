package io.tarn.core.session;

import io.tarn.client.ContentReader;
import io.tarn.client.ObjectInfo;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads one opened version from its slices. A read is one verified read per block it touches, straight into the target. */
final class SliceReader implements ContentReader {
    private final OpenFile file;
    private final BlockReader blocks;
    private final ReadPins.Pin pin;

    SliceReader(final OpenFile file, final BlockReader blocks, final ReadPins.Pin pin) {
        this.file = file;
        this.blocks = blocks;
        this.pin = pin;
    }

    @Override
    public ObjectInfo info() {
        return file.info();
    }

    @Override
    public int read(final long offset, final ByteBuffer target) {
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset " + offset);
        }
        final long left = file.info().size() - offset;
        if (left <= 0 || !target.hasRemaining()) {
            return 0;
        }
        final int wanted = (int) Math.min(left, target.remaining());
        if (file.inline().isPresent()) {
            target.put(file.inline().get(), (int) offset, wanted);
        } else {
            readSlices(offset, wanted, target);
        }
        return wanted;
    }

    private void readSlices(final long offset, final int wanted, final ByteBuffer target) {
        final long end = offset + wanted;
        long at = offset;
        for (int next = sliceAt(offset); at < end && next < file.slices().size(); next++) {
            final Slice slice = file.slices().get(next);
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
    private static long zeros(final long until, final long at, final ByteBuffer target) {
        for (long left = until - at; left > 0; left--) {
            target.put((byte) 0);
        }
        return Math.max(at, until);
    }

    /** The first slice that ends after {@code offset}. */
    private int sliceAt(final long offset) {
        final List<Slice> slices = file.slices();
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

    @Override
    public void close() {
        pin.close();
    }
}
