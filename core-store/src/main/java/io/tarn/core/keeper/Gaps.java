package io.tarn.core.keeper;

import java.util.ArrayList;
import java.util.List;

/** Collects what lies between live blocks that are given in order. Not thread-safe. */
final class Gaps {
    private final List<Gap> gaps = new ArrayList<>();
    private final long start;
    private long end;

    /**
     * A dead range.
     *
     * @param from first byte
     * @param to first byte after it
     */
    record Gap(long from, long to) {}

    Gaps(final long start) {
        this.start = start;
        this.end = start;
    }

    void live(final long from, final long to) {
        if (from < end) {
            throw new IllegalStateException("live blocks overlap at " + from);
        }
        if (from > end) {
            gaps.add(new Gap(end, from));
        }
        end = to;
    }

    boolean allDead() {
        return end == start;
    }

    /** All gaps up to the end of the extent. */
    List<Gap> until(final long length) {
        final List<Gap> all = new ArrayList<>(gaps);
        if (length > end) {
            all.add(new Gap(end, length));
        }
        return all;
    }
}
