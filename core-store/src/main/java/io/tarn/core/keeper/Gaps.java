package io.tarn.core.keeper;

import io.tarn.core.extent.ByteRange;
import java.util.ArrayList;
import java.util.List;

/** Collects what lies between live blocks that are given in order. Not thread-safe. */
final class Gaps {
    private final List<ByteRange> gaps = new ArrayList<>();
    private final long start;
    private long end;

    Gaps(final long start) {
        this.start = start;
        this.end = start;
    }

    void live(final long from, final long to) {
        if (from < end) {
            throw new IllegalStateException("live blocks overlap at " + from);
        }
        if (from > end) {
            gaps.add(new ByteRange(end, from));
        }
        end = to;
    }

    boolean allDead() {
        return end == start;
    }

    /** All gaps up to the end of the extent. */
    List<ByteRange> until(final long length) {
        final List<ByteRange> all = new ArrayList<>(gaps);
        if (length > end) {
            all.add(new ByteRange(end, length));
        }
        return all;
    }
}
