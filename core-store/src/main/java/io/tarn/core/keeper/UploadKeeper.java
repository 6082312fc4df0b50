package io.tarn.core.keeper;

import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.UpkeepQueries;
import io.tarn.core.session.ShardSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Forgets completions of multipart uploads: how they were answered is kept for a while, so that a client that lost the answer may
 * ask again. A round is one point read, and one bounded command while there is something to forget. Counts commands.
 */
public final class UploadKeeper implements BackgroundWork {
    private final ShardSession shard;
    private final Duration retention;
    private final InstantSource clock;
    private final LongAdder commands = new LongAdder();
    private volatile boolean overdue;

    /**
     * @param retention how long a completion is remembered
     * @param clock the one that stamps the log
     */
    public UploadKeeper(final ShardSession shard, final Duration retention, final InstantSource clock) {
        this.shard = shard;
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "uploads";
    }

    @Override
    public boolean round() {
        final long before = FeedKeeper.nanos(clock.instant().minus(retention));
        final Optional<Long> oldest = shard.shard().read(store -> new UpkeepQueries(store).oldestCompletionNanos());
        overdue = oldest.filter(nanos -> nanos < before).isPresent();
        if (overdue) {
            overdue = shard.call(NamespaceCommands.forgetUploads(before))
                    .getProgress()
                    .getMore();
            commands.increment();
        }
        return overdue;
    }

    /** 1 while there is more to forget than one command may. */
    @Override
    public long backlog() {
        return overdue ? 1 : 0;
    }

    @Override
    public long done() {
        return commands.sum();
    }
}
