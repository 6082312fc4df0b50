package io.tarn.core.keeper;

import io.tarn.core.namespace.FeedQueries;
import io.tarn.core.namespace.FeedQueries.Kept;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.session.ShardSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the change feeds short: events older than the retention go, those beyond the newest so many of a volume, and all of a volume
 * that is gone. A round looks at one page of volumes (two point reads each) and proposes a bounded number of trims, each of
 * which drops a bounded number of events. Counts trims.
 */
public final class FeedKeeper implements BackgroundWork {
    static final int VOLUMES_PER_ROUND = 256;
    static final int TRIMS_PER_ROUND = 64;

    private final ShardSession shard;
    private final Duration retention;
    private final long eventsMax;
    private final InstantSource clock;
    private final LongAdder trims = new LongAdder();
    private volatile long overdue;
    private long position;

    /**
     * @param retention age from which an event goes
     * @param eventsMax events that a volume keeps at most
     * @param clock the one that stamps the log
     */
    public FeedKeeper(
            final ShardSession shard, final Duration retention, final long eventsMax, final InstantSource clock) {
        this.shard = shard;
        this.retention = retention;
        this.eventsMax = eventsMax;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "feed";
    }

    @Override
    public boolean round() {
        final List<Kept> page = shard.shard().read(store -> new FeedQueries(store).kept(position, VOLUMES_PER_ROUND));
        final long before = nanos(clock.instant().minus(retention));
        int trimsLeft = TRIMS_PER_ROUND;
        int late = 0;
        for (final Kept feed : page) {
            if (feed.dropped() || feed.events() > eventsMax || feed.oldestNanos() < before) {
                boolean more = true;
                while (more && trimsLeft > 0) {
                    more = shard.call(NamespaceCommands.trimFeed(feed.volume(), before, eventsMax))
                            .getProgress()
                            .getMore();
                    trims.increment();
                    trimsLeft--;
                }
                late += more ? 1 : 0;
            }
            if (trimsLeft == 0) {
                overdue = Math.max(1, late);
                return true;
            }
            position = feed.volume();
        }
        overdue = 0;
        if (page.size() < VOLUMES_PER_ROUND) {
            position = 0;
            return false;
        }
        return true;
    }

    static long nanos(final Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    /** Volumes found with more to drop than one round may. */
    @Override
    public long backlog() {
        return overdue;
    }

    @Override
    public long done() {
        return trims.sum();
    }
}
