package io.tarn.posix.journal;

import io.tarn.client.CommandTrail;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Requests under way that must not be carried out twice, under the kernel's numbers for them. When a process dies before it has answered one, the kernel hands it
 * out again; what is noted here says whether it was carried out: the command sent for it and what came of that, and the handle it opened.
 *
 * <p>A slot is free again when its request was answered. Thread-safe; a few stores for each note.
 */
public final class RequestSlots {
    /** More than a process works on at a time. */
    static final int SLOTS = 4_096;

    static final long SLOT_BYTES = 64;
    static final long BYTES = SLOTS * SLOT_BYTES;
    /** Processes after that of a request's: by then it was handed out again, or answered before the first of them. */
    private static final int AGE_MAX = 16;

    /** In the place of the first slot: the last one that was ever used. */
    private static final long LAST_AT = 0;

    static final long UNIQUE_AT = 0;
    static final long STATE_AT = 8;
    private static final long SHARD_AT = 16;
    private static final long SEQUENCE_AT = 24;
    private static final long INODE_AT = 32;
    private static final long OFFSET_AT = 40;
    private static final long HANDLE_AT = 48;
    private static final long AGE_AT = 56;

    /** Nothing was sent, or it came back without effect. */
    private static final long BEGUN = 0;

    static final long SENT = 1;
    static final long DONE = 2;

    private final Words memory;
    private final int slots;
    private final Semaphore free;
    private final BitSet used = new BitSet();
    private final Map<Long, Slot> byUnique = new ConcurrentHashMap<>();

    RequestSlots(final Words memory) {
        this.memory = memory;
        this.slots = (int) (memory.bytes() / SLOT_BYTES);
        used.set(0);
        final long last = slots == 0 ? 0 : memory.get(LAST_AT);
        for (int slot = 1; slot <= last; slot++) {
            final long at = slot * SLOT_BYTES;
            final long unique = memory.get(at + UNIQUE_AT);
            if (unique != 0 && memory.get(at + AGE_AT) >= AGE_MAX) {
                memory.publish(at + UNIQUE_AT, 0);
            } else if (unique != 0) {
                memory.publish(at + AGE_AT, memory.get(at + AGE_AT) + 1);
                used.set(slot);
                byUnique.put(unique, new Slot(unique, at));
            }
        }
        this.free = new Semaphore(Math.max(0, slots - used.cardinality()));
    }

    /** Asks what came of commands that the process before had sent; before the first of this one. */
    public void resolve(final CommandTrail.Outcomes outcomes) {
        byUnique.values().forEach(slot -> slot.resolve(outcomes));
    }

    /** A request, new or handed out again; without a number, or without memory, nothing is noted of it. */
    public Slot of(final long unique) {
        return unique == 0 || slots == 0 ? new Slot(0, -1) : byUnique.computeIfAbsent(unique, this::take);
    }

    private Slot take(final long unique) {
        free.acquireUninterruptibly();
        final int slot;
        synchronized (used) {
            slot = used.nextClearBit(0);
            used.set(slot);
            if (slot > memory.get(LAST_AT)) {
                memory.publish(LAST_AT, slot);
            }
        }
        final long at = slot * SLOT_BYTES;
        memory.put(at + STATE_AT, BEGUN);
        memory.put(at + HANDLE_AT, 0);
        memory.put(at + AGE_AT, 0);
        memory.publish(at + UNIQUE_AT, unique);
        return new Slot(unique, at);
    }

    /** The request was answered: it is not handed out again. */
    public void answered(final long unique) {
        final Slot slot = byUnique.remove(unique);
        if (slot != null) {
            memory.publish(slot.at + UNIQUE_AT, 0);
            synchronized (used) {
                used.clear((int) (slot.at / SLOT_BYTES));
            }
            free.release();
        }
    }

    /** Where one request is noted. Used by one thread at a time. */
    public final class Slot implements CommandTrail {
        private final long unique;
        private final long at;

        private Slot(final long unique, final long at) {
            this.unique = unique;
            this.at = at;
        }

        private boolean isOff() {
            return at < 0;
        }

        @Override
        public void sending(final int shard, final long sequence) {
            if (!isOff()) {
                memory.publish(at + STATE_AT, BEGUN);
                memory.put(at + SHARD_AT, shard);
                memory.put(at + SEQUENCE_AT, sequence);
                memory.publish(at + STATE_AT, SENT);
            }
        }

        @Override
        public void done(final Outcome outcome) {
            if (!isOff()) {
                memory.put(at + INODE_AT, outcome.inode());
                memory.put(at + OFFSET_AT, outcome.offset());
                memory.publish(at + STATE_AT, DONE);
            }
        }

        private void resolve(final Outcomes outcomes) {
            if (memory.get(at + STATE_AT) == SENT) {
                final Optional<Outcome> outcome =
                        outcomes.of(Math.toIntExact(memory.get(at + SHARD_AT)), memory.get(at + SEQUENCE_AT));
                outcome.ifPresentOrElse(this::done, () -> memory.publish(at + STATE_AT, BEGUN));
            }
        }

        /** What the request has brought about already. */
        public Optional<Outcome> outcome() {
            return !isOff() && memory.get(at + STATE_AT) == DONE
                    ? Optional.of(new Outcome(memory.get(at + INODE_AT), memory.get(at + OFFSET_AT)))
                    : Optional.empty();
        }

        /** The handle that the request opens, before it is noted itself. */
        public void handle(final long number) {
            if (!isOff()) {
                memory.publish(at + HANDLE_AT, number);
            }
        }

        /** The handle that the request was about to open; 0 for none. */
        public long handle() {
            return isOff() ? 0 : memory.get(at + HANDLE_AT);
        }

        @Override
        public String toString() {
            return "request " + unique;
        }
    }
}
