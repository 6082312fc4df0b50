package io.tarn.client;

import java.time.Duration;
import java.util.List;

/**
 * What changed in a volume, in the order of the commits: each change of a name, of an inode or of its content is an event, durable with
 * the change itself. A reader keeps the position it has come to, and goes on from there whenever it likes, as long as the volume
 * keeps the events (by age and by number). Thread-safe; calls block (made for virtual threads).
 *
 * <p>Every call fails with {@code NOT_FOUND} when there is no such volume, or no longer.
 */
public interface ChangeFeed {
    /** The position of the oldest event that is kept. */
    long START = 0;

    /** Most events of one read. */
    int READ_MAX = 1_000;

    /**
     * Reads on from a position.
     *
     * @param from {@link #START}, {@link #end}, or where an earlier read said to go on
     * @param limit most events, 1 to {@link #READ_MAX}
     */
    Read read(long volume, long from, int limit);

    /** What a read met. */
    sealed interface Read {}

    /**
     * Events from the position asked for on; none when nothing has happened since.
     *
     * @param events in order
     * @param next position to go on from
     */
    record Events(List<ChangeEvent> events, long next) implements Read {
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * Events at the position asked for are no longer kept: the reader has missed some, and has to look at the volume itself.
     *
     * @param oldest position from which on events are kept
     */
    record Trimmed(long oldest) implements Read {}

    /** The position behind everything that has happened, for readers that want only what comes. */
    long end(long volume);

    /**
     * Waits until there is something to read at a position.
     *
     * @return false when the time was up
     * @throws io.tarn.core.StorageException {@code UNAVAILABLE} when too many wait already, or the client is closed meanwhile
     */
    boolean await(long volume, long from, Duration timeout);
}
