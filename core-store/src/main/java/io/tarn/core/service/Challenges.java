package io.tarn.core.service;

import io.tarn.core.protocol.Proofs;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Nonces given out, each good once and for a while. Beyond {@value #OPEN_MAX} the oldest is forgotten: its client asks for another.
 * Thread-safe.
 */
final class Challenges {
    static final int OPEN_MAX = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> open = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final long ageNanos;
    private final LongSupplier nanoTime;

    Challenges(final Duration age, final LongSupplier nanoTime) {
        this.ageNanos = age.toNanos();
        this.nanoTime = nanoTime;
    }

    byte[] issue() {
        final byte[] nonce = new byte[Proofs.NONCE_BYTES];
        random.nextBytes(nonce);
        lock.lock();
        try {
            open.put(HexFormat.of().formatHex(nonce), nanoTime.getAsLong());
            final Iterator<Long> oldest = open.values().iterator();
            if (open.size() > OPEN_MAX) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
        return nonce;
    }

    /** Whether the nonce was given out not long ago and comes back for the first time. */
    boolean redeem(final byte[] nonce) {
        lock.lock();
        try {
            final Long issued = open.remove(HexFormat.of().formatHex(nonce));
            return issued != null && nanoTime.getAsLong() - issued <= ageNanos;
        } finally {
            lock.unlock();
        }
    }
}
