package io.tarn.posix.journal;

import java.lang.foreign.MemorySegment;

/** A journal as a process leaves it that was killed between the storage's work and its reply. */
public final class LostReplies {
    private LostReplies() {}

    /** What was done is only known to have been sent. */
    public static void in(final MemorySegment memory) {
        final Words slots = new Words(memory, () -> {}).part(MountJournal.PAGE_BYTES, RequestSlots.BYTES);
        for (long at = RequestSlots.SLOT_BYTES; at < RequestSlots.BYTES; at += RequestSlots.SLOT_BYTES) {
            if (slots.get(at + RequestSlots.STATE_AT) == RequestSlots.DONE) {
                slots.publish(at + RequestSlots.STATE_AT, RequestSlots.SENT);
            }
        }
    }
}
