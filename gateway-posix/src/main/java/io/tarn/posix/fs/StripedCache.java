package io.tarn.posix.fs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A bounded memory of what was read, that never keeps what has changed since. Who reads takes a {@link Moments#now moment} first; a
 * value is kept only when nothing of its stripe was dropped after that. So it does not matter whether the news of a change
 * comes before, between or after a read and its insertion. The least recently used values go first.
 *
 * <p>Thread-safe: {@value #STRIPES} locks, held for a few instructions.
 */
final class StripedCache<K, V> {
    private static final int STRIPES = 64;

    private final Moments moments;
    private final Stripe<K, V>[] stripes;

    private static final class Stripe<K, V> {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<K, V> values;
        private long droppedAt;

        Stripe(final int limit) {
            this.values = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(final Map.Entry<K, V> eldest) {
                    return size() > limit;
                }
            };
        }
    }

    /** @param limit most values kept, in all */
    @SuppressWarnings({"unchecked", "rawtypes"})
    StripedCache(final int limit, final Moments moments) {
        this.moments = moments;
        this.stripes = new Stripe[STRIPES];
        for (int at = 0; at < STRIPES; at++) {
            stripes[at] = new Stripe<>(Math.max(1, limit / STRIPES));
        }
    }

    private Stripe<K, V> stripe(final K key) {
        final int hash = key.hashCode() * 0x9E3779B9;
        return stripes[hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(STRIPES))];
    }

    Optional<V> get(final K key) {
        final Stripe<K, V> stripe = stripe(key);
        stripe.lock.lock();
        try {
            return Optional.ofNullable(stripe.values.get(key));
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Whether it is certain that nothing of a key has changed after a moment. */
    boolean isUnchanged(final K key, final long moment) {
        final Stripe<K, V> stripe = stripe(key);
        stripe.lock.lock();
        try {
            return stripe.droppedAt <= moment;
        } finally {
            stripe.lock.unlock();
        }
    }

    /**
     * Keeps a value that was read after a moment.
     *
     * @return whether it is certain that it has not changed since
     */
    boolean put(final K key, final V value, final long moment) {
        final Stripe<K, V> stripe = stripe(key);
        stripe.lock.lock();
        try {
            if (stripe.droppedAt > moment) {
                return false;
            }
            stripe.values.put(key, value);
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    /**
     * Keeps what a change made here has made of a value; what was being read of it meanwhile is not kept.
     *
     * @param moment before the change
     * @return whether it is certain that nobody else has changed it since
     */
    boolean replace(final K key, final V value, final long moment) {
        final Stripe<K, V> stripe = stripe(key);
        stripe.lock.lock();
        try {
            final boolean certain = stripe.droppedAt <= moment;
            stripe.droppedAt = moments.next();
            if (certain) {
                stripe.values.put(key, value);
            } else {
                stripe.values.remove(key);
            }
            return certain;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** What is known of a key holds no longer, and neither does what is being read of it. Returns what was known. */
    Optional<V> drop(final K key) {
        final Stripe<K, V> stripe = stripe(key);
        stripe.lock.lock();
        try {
            stripe.droppedAt = moments.next();
            return Optional.ofNullable(stripe.values.remove(key));
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Drops what a test says, and whatever is being read; tells of what was there. */
    void dropWhere(final Predicate<K> test, final BiConsumer<K, V> dropped) {
        for (final Stripe<K, V> stripe : stripes) {
            final Map<K, V> gone = new LinkedHashMap<>();
            stripe.lock.lock();
            try {
                stripe.droppedAt = moments.next();
                stripe.values.forEach((key, value) -> {
                    if (test.test(key)) {
                        gone.put(key, value);
                    }
                });
                gone.keySet().forEach(stripe.values::remove);
            } finally {
                stripe.lock.unlock();
            }
            gone.forEach(dropped);
        }
    }

    /** Drops everything, and tells of each key that was there. */
    void dropAll(final Consumer<K> dropped) {
        for (final Stripe<K, V> stripe : stripes) {
            final Map<K, V> gone;
            stripe.lock.lock();
            try {
                stripe.droppedAt = moments.next();
                gone = new LinkedHashMap<>(stripe.values);
                stripe.values.clear();
            } finally {
                stripe.lock.unlock();
            }
            gone.keySet().forEach(dropped);
        }
    }
}
