package io.tarn.core.session;

import io.tarn.client.ContentReader;
import io.tarn.client.ObjectInfo;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads one opened version from its slices. A read is one verified read per block it touches, straight into the target.
 *
 * <p>Segments are resolved when they are met, {@link #WINDOW_BYTES} at a time: opening costs the same however many blocks a file
 * has, and reading on costs one look-up a window. The pin keeps what they refer to.
 */
final class SliceReader implements ContentReader {
    /** How far a segment is resolved ahead. */
    private static final long WINDOW_BYTES = 64L << 20;

    private final OpenFile file;
    private final BlockReader blocks;
    private final Resolver resolver;
    private final ReadPins.Pin pin;
    private volatile Window window = new Window(0, 0, 0, List.of());

    /** Gives the slices of an inode's content that hold a range, none of them a segment. */
    @FunctionalInterface
    interface Resolver {
        List<Slice> leaves(long content, long from, long to);
    }

    /** A resolved range of an inode's content. */
    private record Window(long content, long from, long to, List<Slice> leaves) {
        boolean covers(final long otherContent, final long start, final long end) {
            return content == otherContent && from <= start && end <= to;
        }
    }

    SliceReader(final OpenFile file, final BlockReader blocks, final Resolver resolver, final ReadPins.Pin pin) {
        this.file = file;
        this.blocks = blocks;
        this.resolver = resolver;
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
        readSlices(file.slices(), offset, offset + wanted, target);
    }

    private void readSlices(final List<Slice> slices, final long from, final long end, final ByteBuffer target) {
        long at = from;
        for (int next = sliceAt(slices, from); at < end && next < slices.size(); next++) {
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

    private void readSegment(final Slice segment, final int skipped, final int length, final ByteBuffer target) {
        final long from = segment.getContentOffset() + skipped;
        final long to = from + length;
        Window resolved = window;
        if (!resolved.covers(segment.getContent(), from, to)) {
            final long end = segment.getContentOffset() + segment.getLength();
            final long until = Math.max(to, Math.min(end, from + WINDOW_BYTES));
            resolved =
                    new Window(segment.getContent(), from, until, resolver.leaves(segment.getContent(), from, until));
            window = resolved;
        }
        readSlices(resolved.leaves(), from, to, target);
    }

    private void readSlice(final Slice slice, final int skipped, final int length, final ByteBuffer target) {
        if (slice.getContent() != 0) {
            readSegment(slice, skipped, length, target);
            return;
        }
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
    private static int sliceAt(final List<Slice> slices, final long offset) {
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
