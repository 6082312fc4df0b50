package io.tarn.posix.journal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which handles of a mount exist, on which inode, and which failure each was not told of. One slot each, the lowest free one, so that what
 * is resident follows how many are open; a handle beyond the last slot is not kept. Thread-safe; a lock and a few stores.
 */
public final class HandleSlots {
    static final int SLOTS = 65_536;
    private static final long SLOT_BYTES = 32;
    static final long BYTES = SLOTS * SLOT_BYTES;

    /** In the place of the first slot: the last one that was ever used, so that looking for those in use touches no others. */
    private static final long LAST_AT = 0;

    private static final long NUMBER_AT = 0;
    private static final long INODE_AT = 8;
    private static final long ERRNO_AT = 16;

    private final Words memory;
    private final int slots;
    private final BitSet used = new BitSet();
    private final List<Kept> inherited = new ArrayList<>();

    HandleSlots(final Words memory) {
        this.memory = memory;
        this.slots = (int) (memory.bytes() / SLOT_BYTES);
        used.set(0);
        final long last = slots == 0 ? 0 : memory.get(LAST_AT);
        for (int slot = 1; slot <= last; slot++) {
            final long number = memory.get(slot * SLOT_BYTES + NUMBER_AT);
            if (number != 0) {
                used.set(slot);
                final long at = slot * SLOT_BYTES;
                inherited.add(new Kept(
                        number, memory.get(at + INODE_AT), Math.toIntExact(memory.get(at + ERRNO_AT)), new Slot(at)));
            }
        }
    }

    /**
     * A handle that an earlier process left.
     *
     * @param untold number of an error that it was not told of, or 0
     */
    public record Kept(long number, long inode, int untold, Slot slot) {}

    /** What the process before left, in no order. */
    public List<Kept> inherited() {
        return List.copyOf(inherited);
    }

    /** Notes a handle, before what it holds is held. */
    public Slot open(final long number, final long inode) {
        final int slot = take();
        if (slot < 0) {
            return new Slot(-1);
        }
        final long at = slot * SLOT_BYTES;
        memory.put(at + INODE_AT, inode);
        memory.put(at + ERRNO_AT, 0);
        memory.publish(at + NUMBER_AT, number);
        return new Slot(at);
    }

    private synchronized int take() {
        final int slot = used.nextClearBit(0);
        if (slot >= slots) {
            return -1;
        }
        used.set(slot);
        if (slot > memory.get(LAST_AT)) {
            memory.publish(LAST_AT, slot);
        }
        return slot;
    }

    /** Where one handle is noted. */
    public final class Slot {
        private final long at;

        private Slot(final long at) {
            this.at = at;
        }

        /** An error of which the handle is to be told; 0 when it was. */
        public void untold(final int errno) {
            if (at >= 0) {
                memory.publish(at + ERRNO_AT, errno);
            }
        }

        /** The handle is no more, after what it held was let go. */
        public void close() {
            if (at >= 0) {
                memory.publish(at + NUMBER_AT, 0);
                synchronized (HandleSlots.this) {
                    used.clear((int) (at / SLOT_BYTES));
                }
            }
        }
    }
}
