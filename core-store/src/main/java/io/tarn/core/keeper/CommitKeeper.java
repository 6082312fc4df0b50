package io.tarn.core.keeper;

import io.tarn.core.session.ShardNames;
import io.tarn.core.session.ShardSession;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ends what clients that are gone have left of commits between shards, and drops files whose last name was taken from another shard.
 * Counts transactions and steps.
 */
public final class CommitKeeper implements BackgroundWork {
    private final ShardSession shard;
    private final ShardNames names;
    private final LongAdder done = new LongAdder();

    public CommitKeeper(final ShardSession shard, final ShardNames names) {
        this.shard = shard;
        this.names = names;
    }

    @Override
    public String name() {
        return "commits";
    }

    @Override
    public boolean round() {
        done.add(names.sweep(shard));
        return false;
    }

    /** What is found is dealt with at once. */
    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public long done() {
        return done.sum();
    }
}
