package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes shards that stopped because a disk was full, once it has room for some segments again. Shards that stopped for
 * another reason are left to an operator ({@link RatisNode#resume} or a restart).
 */
final class ShardRecovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardRecovery.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int SEGMENTS_OF_ROOM = 3;

    private final RatisNode node;
    private final NodeOptions options;
    private final CountDownLatch closing = new CountDownLatch(1);

    ShardRecovery(final RatisNode node, final NodeOptions options) {
        this.node = node;
        this.options = options;
    }

    void stopped(final RatisShard shard, final StorageException cause) {
        if (cause.failure() == Failure.OUT_OF_SPACE) {
            Thread.ofVirtual().name(shard.name() + "-recovery").start(() -> await(shard));
        }
    }

    private void await(final RatisShard shard) {
        try {
            boolean running = false;
            while (!running && !closing.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                running = hasRoom(options.logDirectory()) && hasRoom(options.storeDirectory()) && resume(shard);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean resume(final RatisShard shard) {
        try {
            node.resume(shard.number());
            return true;
        } catch (final StorageException e) {
            LOG.warn("{}: not resumed yet", shard.name(), e);
            return false;
        }
    }

    private boolean hasRoom(final Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace()
                    > SEGMENTS_OF_ROOM * options.shards().segmentBytes();
        } catch (final IOException e) {
            LOG.warn("the free space of {} cannot be told", directory, e);
            return false;
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
