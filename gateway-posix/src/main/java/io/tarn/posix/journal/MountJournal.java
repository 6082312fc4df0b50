package io.tarn.posix.journal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * The memory of a mount that its processes share one after another. Each opens it when it begins and finds what the one before it left, which may
 * have been killed at any instruction; two must not work with it at the same time.
 *
 * <p>In it stand, each in a region of its own: written bytes and attributes that are not committed ({@link RecordRing}), open handles with failures that they
 * were not told of ({@link HandleSlots}), and requests that cannot be carried out twice ({@link RequestSlots}). All of it is address space
 * that is resident only where it was used. Thread-safe.
 */
public final class MountJournal {
    /** Address space of a journal, unless told otherwise: 64 MiB and the tables. */
    public static final long DEFAULT_BYTES = 68L << 20;

    private static final long MAGIC = 0x7461726e6a6e6c31L;
    private static final long MAGIC_AT = 0;
    private static final long LENGTH_AT = 8;
    /** One more than the position, so that zero is none. */
    private static final long FEED_AT = 16;

    static final long PAGE_BYTES = 4096;

    private final Words memory;
    private final RequestSlots requests;
    private final HandleSlots handles;
    private final RecordRing records;

    /** Gives pages of the memory back, which read as zeros then. */
    @FunctionalInterface
    public interface Discarding {
        void discard(long from, long length);
    }

    private MountJournal(
            final Words memory, final RequestSlots requests, final HandleSlots handles, final RecordRing records) {
        this.memory = memory;
        this.requests = requests;
        this.handles = handles;
        this.records = records;
    }

    /**
     * Opens a journal; memory of zeros is an empty one.
     *
     * @param memory 8-byte aligned
     * @throws IllegalArgumentException when it is too small, or of another length or format than when it was begun
     */
    public static MountJournal open(final MemorySegment memory, final Discarding discarding) {
        return open(new Words(memory, () -> {}), discarding);
    }

    static MountJournal open(final Words memory, final Discarding discarding) {
        final long requestsAt = PAGE_BYTES;
        final long handlesAt = requestsAt + RequestSlots.BYTES;
        final long recordsAt = handlesAt + HandleSlots.BYTES;
        final long recordBytes = (memory.bytes() - recordsAt) / PAGE_BYTES * PAGE_BYTES;
        if (recordBytes < RecordRing.BYTES_MIN) {
            throw new IllegalArgumentException("a journal of " + memory.bytes() + " bytes is too small");
        }
        if (memory.get(MAGIC_AT) == 0) {
            memory.put(LENGTH_AT, memory.bytes());
            memory.publish(MAGIC_AT, MAGIC);
        }
        if (memory.get(MAGIC_AT) != MAGIC || memory.get(LENGTH_AT) != memory.bytes()) {
            throw new IllegalArgumentException("not the journal of a mount, or of another release");
        }
        return new MountJournal(
                memory,
                new RequestSlots(memory.part(requestsAt, RequestSlots.BYTES)),
                new HandleSlots(memory.part(handlesAt, HandleSlots.BYTES)),
                new RecordRing(
                        memory.part(PAGE_BYTES / 2, PAGE_BYTES / 2),
                        memory.part(recordsAt, recordBytes),
                        (from, length) -> discarding.discard(recordsAt + from, length)));
    }

    /** Keeps nothing, for a mount that ends with its process. */
    public static MountJournal none() {
        final var nothing = new Words(Arena.ofAuto().allocate(PAGE_BYTES, Long.BYTES), () -> {});
        return new MountJournal(
                nothing,
                new RequestSlots(nothing.part(0, 0)),
                new HandleSlots(nothing.part(0, 0)),
                new RecordRing(nothing, nothing.part(0, 0), (from, length) -> {}));
    }

    /** How far in the change feed the kernel has been told; empty for a mount's first process. */
    public OptionalLong told() {
        final long next = memory.get(FEED_AT);
        return next == 0 ? OptionalLong.empty() : OptionalLong.of(next - 1);
    }

    /** The kernel has been told of all before a position of the change feed. */
    public void told(final long position) {
        memory.publish(FEED_AT, position + 1);
    }

    public RequestSlots requests() {
        return requests;
    }

    public HandleSlots handles() {
        return handles;
    }

    public RecordRing records() {
        return records;
    }
}
