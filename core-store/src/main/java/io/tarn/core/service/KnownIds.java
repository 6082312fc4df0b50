package io.tarn.core.service;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Ids of which a session was found to have the right, so that it need not be looked up again: what volume an id belongs to never changes.
 * {@value #SLOTS} of them, each in the one place where it hashes to. Thread-safe; a probe is one volatile read.
 */
final class KnownIds {
    private static final int SLOTS = 4_096;
    private static final int SLOT_BITS = Integer.numberOfTrailingZeros(SLOTS);
    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    private static int slot(final long id) {
        return (int) ((id * GOLDEN_RATIO) >>> (Long.SIZE - SLOT_BITS));
    }

    boolean contains(final long id) {
        return id != 0 && slots.get(slot(id)) == id;
    }

    void add(final long id) {
        slots.set(slot(id), id);
    }
}
