package io.tarn.core.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When a directory is asked for: after a few changes by this client in a short time, and not soon after others wanted it, each time later.
 * Bounded; guarded by the lock of its {@link HeldTree}.
 */
final class DelegationPolicy {
    static final int CHANGES = 3;
    static final Duration WITHIN = Duration.ofSeconds(2);
    static final Duration REST_MIN = Duration.ofSeconds(3);
    static final Duration REST_MAX = Duration.ofSeconds(60);
    private static final int DIRECTORIES_MAX = 4_096;

    private final Map<Long, Changes> changes = bounded();
    private final Map<Long, Rest> rests = bounded();

    private record Changes(long sinceNanos, int count) {}

    private record Rest(long untilNanos, Duration length) {}

    private static <V> Map<Long, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<Long, V> eldest) {
                return size() > DIRECTORIES_MAX;
            }
        };
    }

    /** This client has changed something in a directory that it does not hold; says whether to ask for it. */
    boolean changed(final long directory, final long nowNanos) {
        if (rests(directory, nowNanos)) {
            return false;
        }
        final Changes before = changes.get(directory);
        final boolean fresh = before == null || nowNanos - before.sinceNanos() > WITHIN.toNanos();
        final Changes now = fresh ? new Changes(nowNanos, 1) : new Changes(before.sinceNanos(), before.count() + 1);
        if (now.count() < CHANGES) {
            changes.put(directory, now);
            return false;
        }
        changes.remove(directory);
        return true;
    }

    /** Whether a directory is not to be asked for yet. */
    boolean rests(final long directory, final long nowNanos) {
        final Rest rest = rests.get(directory);
        return rest != null && rest.untilNanos() - nowNanos > 0;
    }

    /** Others want the directory. */
    void recalled(final long directory, final long nowNanos) {
        final Rest before = rests.get(directory);
        final boolean again = before != null
                && nowNanos - before.untilNanos() < before.length().toNanos();
        final Duration doubled = again ? before.length().multipliedBy(2) : REST_MIN;
        rest(directory, nowNanos, doubled.compareTo(REST_MAX) < 0 ? doubled : REST_MAX);
    }

    /** It cannot be had for now. */
    void refused(final long directory, final long nowNanos) {
        rest(directory, nowNanos, REST_MAX);
    }

    private void rest(final long directory, final long nowNanos, final Duration length) {
        changes.remove(directory);
        rests.put(directory, new Rest(nowNanos + length.toNanos(), length));
    }
}
