package io.tarn.core.remote;

import io.tarn.client.ChangeFeed;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.FeedCodec;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.AwaitRequest;
import io.tarn.core.protocol.wire.FeedEnd;
import io.tarn.core.protocol.wire.FeedRead;
import java.time.Duration;

/** The change feed of volumes in another process. A wait is a call that the node answers when there is news, asked again every while. */
final class RemoteChangeFeed implements ChangeFeed {
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private final Link link;

    RemoteChangeFeed(final Link link) {
        this.link = link;
    }

    @Override
    public Read read(final long volume, final long from, final int limit) {
        requirePosition(from);
        if (limit < 1 || limit > READ_MAX) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "a read has 1 to " + READ_MAX + " events, not " + limit);
        }
        return FeedCodec.decode(link.call(
                        Methods.ASK,
                        AskRequest.newBuilder()
                                .setVolume(volume)
                                .setFeedRead(FeedRead.newBuilder().setFrom(from).setLimit(limit))
                                .build())
                .getFeed());
    }

    private static void requirePosition(final long from) {
        if (from < 0) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "no position: " + from);
        }
    }

    @Override
    public long end(final long volume) {
        return link.call(
                        Methods.ASK,
                        AskRequest.newBuilder()
                                .setVolume(volume)
                                .setFeedEnd(FeedEnd.getDefaultInstance())
                                .build())
                .getNumber();
    }

    @Override
    public boolean await(final long volume, final long from, final Duration timeout) {
        requirePosition(from);
        final long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            final Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            final Duration wait = left.compareTo(WAIT_MAX) < 0 ? left : WAIT_MAX;
            final boolean there = link.call(
                            Methods.AWAIT,
                            AwaitRequest.newBuilder()
                                    .setVolume(volume)
                                    .setFrom(from)
                                    .setTimeoutMillis(wait.toMillis())
                                    .build(),
                            wait)
                    .getThere();
            if (there || left.compareTo(WAIT_MAX) <= 0) {
                return there;
            }
        }
    }
}
