package io.tarn.core.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Bytes written to a file and not yet committed: runs that neither overlap nor touch. A write copies its bytes once; one that goes on where
 * a run ends lengthens it, in amortised constant time. Not thread-safe.
 */
final class DirtyRuns {
    private static final int INITIAL_BYTES = 4 << 10;

    private final TreeMap<Long, Run> runs = new TreeMap<>();
    private long bytes;

    private static final class Run {
        private byte[] data;
        private int length;

        Run(final int capacity) {
            this.data = new byte[Math.max(capacity, INITIAL_BYTES)];
        }

        void put(final int at, final ByteBuffer source) {
            final int end = at + source.remaining();
            if (end > data.length) {
                data = Arrays.copyOf(data, Math.max(end, data.length * 2));
            }
            source.get(data, at, source.remaining());
            length = Math.max(length, end);
        }
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    int count() {
        return runs.size();
    }

    long bytes() {
        return bytes;
    }

    /** Where the last run ends; 0 without any. */
    long end() {
        final Map.Entry<Long, Run> last = runs.lastEntry();
        return last == null ? 0 : last.getKey() + last.getValue().length;
    }

    /** Takes all of the source. */
    void write(final long offset, final ByteBuffer source) {
        final Map.Entry<Long, Run> before = runs.floorEntry(offset);
        final long start;
        final Run run;
        if (before != null && before.getKey() + before.getValue().length >= offset) {
            start = before.getKey();
            run = before.getValue();
            bytes -= run.length;
        } else {
            start = offset;
            run = new Run(source.remaining());
            runs.put(start, run);
        }
        run.put((int) (offset - start), source);
        absorb(start, run);
        bytes += run.length;
    }

    /** What the run has grown over is replaced; what it has come to touch is joined to it. */
    private void absorb(final long start, final Run run) {
        Map.Entry<Long, Run> next = runs.higherEntry(start);
        while (next != null && next.getKey() <= start + run.length) {
            final Run other = next.getValue();
            final int covered = (int) (start + run.length - next.getKey());
            if (covered < other.length) {
                run.put(run.length, ByteBuffer.wrap(other.data, covered, other.length - covered));
            }
            bytes -= other.length;
            runs.remove(next.getKey());
            next = runs.higherEntry(start);
        }
    }

    /** Each run with its offset, in order; the buffers are the runs themselves. */
    void forEach(final BiConsumer<Long, ByteBuffer> action) {
        runs.forEach((offset, run) -> action.accept(offset, ByteBuffer.wrap(run.data, 0, run.length)));
    }

    /** Puts what is dirty of {@code [offset, offset + length)} over the bytes of {@code target} from {@code position} on. */
    void overlay(final long offset, final int length, final ByteBuffer target, final int position) {
        final Long first = runs.floorKey(offset);
        for (final Map.Entry<Long, Run> entry :
                runs.subMap(first == null ? offset : first, offset + length).entrySet()) {
            final long from = Math.max(offset, entry.getKey());
            final long to = Math.min(offset + length, entry.getKey() + entry.getValue().length);
            if (from < to) {
                target.put(position + (int) (from - offset), entry.getValue().data, (int) (from - entry.getKey()), (int)
                        (to - from));
            }
        }
    }

    void clear() {
        runs.clear();
        bytes = 0;
    }
}
