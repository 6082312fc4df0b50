package io.tarn.core.keeper;

import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.wire.ExtentState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the extents that are worth copying together, from one look at all of them: those mostly dead, and small ones of one volume.
 *
 * <p>Small extents are merged several at a time, and the largest of them only if the others together are no smaller: so a byte is
 * copied a logarithmic number of times, however often a volume is written to a little.
 *
 * <p>At most {@link #SMALL_MAX} small extents and {@link #QUEUE_MAX} victims are remembered; what is beyond waits for the next look.
 * Not thread-safe.
 */
final class Victims {
    static final int SMALL_MAX = 4_096;
    static final int QUEUE_MAX = 4_096;
    /** Fewer small extents of a volume are not worth a merge. */
    static final int MERGE_MIN = 4;

    private static final int PERCENT = 100;

    private final CompactionSettings settings;
    private final Deque<Victim> queue = new ArrayDeque<>();
    private final Map<Long, List<Small>> small = new HashMap<>();
    private int smalls;

    /**
     * An extent to copy.
     *
     * @param volume the volume it belongs to
     */
    record Victim(ExtentId extent, long volume) {}

    private record Small(ExtentId extent, long liveBytes) {}

    Victims(final CompactionSettings settings) {
        this.settings = settings;
    }

    boolean isFull() {
        return queue.size() >= QUEUE_MAX;
    }

    /** Looks at one extent. What is not released may still get names, what is not alive at all is given back as it is. */
    void consider(final Known known) {
        final long live = known.record().getLiveBytes();
        if (known.record().getState() != ExtentState.RELEASED || live == 0 || isFull()) {
            return;
        }
        final long bytes = known.record().getLength() - ExtentTarget.FIRST_OFFSET;
        if (live * PERCENT < bytes * settings.livePercent()) {
            queue.add(new Victim(known.id(), known.record().getVolume()));
        } else if (bytes < settings.smallBytes() && smalls < SMALL_MAX) {
            small.computeIfAbsent(known.record().getVolume(), unused -> new ArrayList<>())
                    .add(new Small(known.id(), live));
            smalls++;
        }
    }

    /** All extents were looked at: adds the small ones worth merging, volume by volume. */
    void lookedAtAll() {
        small.forEach(this::merge);
        small.clear();
        smalls = 0;
    }

    private void merge(final long volume, final List<Small> all) {
        all.sort(Comparator.comparingLong(Small::liveBytes));
        long others = all.stream().mapToLong(Small::liveBytes).sum();
        while (!all.isEmpty()) {
            others -= all.getLast().liveBytes();
            if (all.getLast().liveBytes() <= others) {
                break;
            }
            all.removeLast();
        }
        if (all.size() >= MERGE_MIN) {
            all.forEach(one -> queue.add(new Victim(one.extent(), volume)));
        }
    }

    int size() {
        return queue.size();
    }

    Victim first() {
        return queue.getFirst();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void removeFirst() {
        queue.removeFirst();
    }
}
