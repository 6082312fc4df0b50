package io.tarn.core.session;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes of a file from its slices: one verified read for each block that is touched, straight into the target.
 *
 * <p>Segments are resolved when they are met, {@link #WINDOW_BYTES} at a time: opening costs the same however many blocks a file
 * has, and reading on costs one look-up a window. Who reads holds a pin that keeps what the slices refer to. Thread-safe.
 */
final class SliceRun {
    /** How far a segment is resolved ahead. */
    private static final long WINDOW_BYTES = 64L << 20;

    private static final byte[] ZEROS = new byte[8 << 10];

    private final List<Slice> slices;
    private final BlockReader blocks;
    private final Resolver resolver;
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

    SliceRun(final List<Slice> slices, final BlockReader blocks, final Resolver resolver) {
        this.slices = slices;
        this.blocks = blocks;
        this.resolver = resolver;
    }

    /** Fills {@code wanted} bytes of {@code target} from {@code offset} on; what no slice covers reads as zeros. */
    void read(final long offset, final int wanted, final ByteBuffer target) {
        read(slices, offset, offset + wanted, target);
    }

    private void read(final List<Slice> run, final long from, final long end, final ByteBuffer target) {
        long at = from;
        for (int next = sliceAt(run, from); at < end && next < run.size(); next++) {
            final Slice slice = run.get(next);
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
        read(resolved.leaves(), from, to, target);
    }

    /** A hole up to {@code until}. */
    static long zeros(final long until, final long at, final ByteBuffer target) {
        for (long left = until - at; left > 0; left -= ZEROS.length) {
            target.put(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
        return Math.max(at, until);
    }

    /** The first slice that ends after {@code offset}. */
    private static int sliceAt(final List<Slice> run, final long offset) {
        int low = 0;
        int high = run.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            final Slice slice = run.get(middle);
            if (slice.getFileOffset() + slice.getLength() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
