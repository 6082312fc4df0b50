package io.tarn.core.shard;

import static io.tarn.core.shard.RegisterState.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.RocksResources;
import io.tarn.core.kv.WriteSet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An entry that turns out not to be applicable while somebody closes the group and waits for just that entry. */
@Timeout(60)
final class CloseDuringFailureTest {
    /** Of Ratis: waits until all that is committed is applied. */
    private static final String WAIT_FOR_LAST_ENTRY = "stopAndJoin";

    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(RocksResources.Sizes.defaults());

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void theGroupClosesAllTheSame() throws Exception {
        final HeldState state = new HeldState();
        final RatisNode node =
                RatisNode.start(NodeOptions.embedded(directory), List.of(ShardSpec.alone(0, state)), resources);
        final Shard shard = node.shardOf(0);
        Await.until("the shard leads", shard::isLeader);
        final CompletableFuture<byte[]> reply = shard.propose(bytes("boom"));
        assertThat(state.reached.await(30, TimeUnit.SECONDS)).isTrue();
        final Thread closing = Thread.ofPlatform().start(node::close);
        Await.until("the group is being closed", CloseDuringFailureTest::somebodyWaitsForTheLastEntry);
        state.released.countDown();
        closing.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(closing.isAlive()).isFalse();
        assertThat(reply).isCompletedExceptionally();
    }

    private static boolean somebodyWaitsForTheLastEntry() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getMethodName().equals(WAIT_FOR_LAST_ENTRY));
    }

    /** Holds an entry with commands until it is released, and then fails. */
    private static final class HeldState implements ReplicatedState {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public List<Family> families() {
            return new RegisterState().families();
        }

        @Override
        public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
            reached.countDown();
            try {
                released.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("boom");
        }
    }
}
