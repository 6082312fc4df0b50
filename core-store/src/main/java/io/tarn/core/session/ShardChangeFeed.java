package io.tarn.core.session;

import io.tarn.client.ChangeFeed;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.FeedQueries;
import io.tarn.core.shard.Shard;
import java.time.Duration;
import java.util.function.Function;

/** The change feed of volumes whose shard applies its entries in this process. A read is one scan under the leader's lease. */
public final class ShardChangeFeed implements ChangeFeed {
    private final ShardMap shards;
    private final FeedSignal signal;

    public ShardChangeFeed(final ShardMap shards, final FeedSignal signal) {
        this.shards = shards;
        this.signal = signal;
    }

    private <T> T query(final long volume, final Function<FeedQueries, T> query) {
        return shards.forVolume(volume).shard().read(store -> query.apply(new FeedQueries(store)));
    }

    @Override
    public Read read(final long volume, final long from, final int limit) {
        requirePosition(from);
        if (limit < 1 || limit > READ_MAX) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "a read has 1 to " + READ_MAX + " events, not " + limit);
        }
        return query(volume, feed -> feed.read(volume, from, limit));
    }

    private static void requirePosition(final long from) {
        if (from < 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "no position: " + from);
        }
    }

    @Override
    public long end(final long volume) {
        final Shard shard = shards.forVolume(volume).shard();
        long lead = query(volume, FeedQueries::lead);
        while (true) {
            // what is applied by now lies before the position, even if more is applied while it is asked for the volume
            final long end = FeedQueries.endAfter(shard.appliedIndex(), lead);
            query(volume, feed -> feed.hasNews(volume, end));
            final long after = query(volume, FeedQueries::lead);
            if (after == lead) {
                return end;
            }
            lead = after;
        }
    }

    @Override
    public boolean await(final long volume, final long from, final Duration timeout) {
        requirePosition(from);
        return signal.await(volume, () -> query(volume, feed -> feed.hasNews(volume, from)), timeout);
    }
}
