package io.tarn.core.session;

import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.namespace.wire.Slice;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a file readable that is open for reading and that the shard does not know to be open: a pin, and the content as it was seen
 * last, to be read on when the inode has gone. Costs what a file keeps of its slices, 64 of them at most or a segment for each GiB.
 * Thread-safe.
 */
final class Anchor {
    private final ReadPins.Pin pin;
    /** Of {@link System#nanoTime}, or the clock that stands for it. */
    final long sinceNanos;

    private volatile Optional<Snapshot> seen;

    Anchor(final Snapshot seen, final ReadPins.Pin pin, final long sinceNanos) {
        this.seen = Optional.of(seen);
        this.pin = pin;
        this.sinceNanos = sinceNanos;
    }

    /** The file as it was seen last; empty once the pin is given back or lost. */
    Optional<Snapshot> seen() {
        return pin.isKept() ? seen : Optional.empty();
    }

    boolean isOlderThan(final long contentGeneration) {
        return seen.filter(snapshot -> snapshot.content().contentGeneration() != contentGeneration)
                .isPresent();
    }

    /** The file has changed: what its readers have seen is what they go on to see. */
    void see(final Snapshot now) {
        seen = seen.map(before -> now);
    }

    /** What {@code [from, to)} of the file was seen to hold. Costs a search among its slices, which are in order. */
    static FileRange range(final Snapshot snapshot, final long from, final long to) {
        final FileRange all = snapshot.content();
        final List<Slice> slices = all.slices();
        int first = 0;
        int beyond = slices.size();
        while (first < beyond) {
            final int middle = (first + beyond) >>> 1;
            final Slice slice = slices.get(middle);
            if (slice.getFileOffset() + slice.getLength() > from) {
                beyond = middle;
            } else {
                first = middle + 1;
            }
        }
        int last = first;
        while (last < slices.size() && slices.get(last).getFileOffset() < to) {
            last++;
        }
        final List<Slice> touching = slices.subList(first, last);
        return new FileRange(all.size(), all.contentGeneration(), all.inline(), touching);
    }

    /** Gives the pin back. */
    void release() {
        seen = Optional.empty();
        pin.close();
    }
}
