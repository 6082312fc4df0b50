package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ContentWriter;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentStoreOptions;
import io.tarn.core.extent.PackedWriterOptions;
import io.tarn.core.file.RealFiles;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.wire.ExtentState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers come with the contents that need them, and leave. */
final class VolumeWritersTest {
    private static final int VOLUMES_MAX = 2;
    private static final int INLINE_MAX = 100;

    @TempDir
    Path data;

    private final MemoryShard shard = MemoryShard.alone();
    private final AtomicLong sessionId = new AtomicLong(10);
    private final ShardSession session = new ShardSession(shard, sessionId::get, new ReadPins());
    private final AtomicLong now = new AtomicLong(1);
    private ExtentStore store;
    private VolumeWriters writers;

    @BeforeEach
    void open() {
        session.open();
        for (long volume = 1; volume <= VOLUMES_MAX + 1; volume++) {
            session.call(NamespaceCommands.createRoot(volume, "tenant", 0, 0, Quota.NONE, Versioning.OFF));
        }
        store = ExtentStore.open(
                new RealFiles(), data, ExtentStoreOptions.defaults().withReserveBytes(0));
        writers = new VolumeWriters(
                new ShardNames(ShardMap.single(session)),
                store,
                new BufferPool(16 << 20),
                INLINE_MAX,
                PackedWriterOptions.defaults(),
                VOLUMES_MAX,
                now::get);
    }

    @AfterEach
    void close() {
        writers.close();
        store.close();
    }

    private ContentWriter write(final long volume, final int bytes) {
        final ContentWriter writer = writers.open(volume);
        writer.write(ByteBuffer.allocate(bytes));
        return writer;
    }

    private List<ExtentState> states() {
        final List<ExtentState> states = new ArrayList<>();
        shard.read(reader -> {
            new ExtentQueries(reader).extents(known -> states.add(known.record().getState()));
            return true;
        });
        return states;
    }

    @Test
    void aContentThatStaysInMemoryNeedsNoWriter() {
        try (ContentWriter tiny = write(1, INLINE_MAX)) {
            tiny.finish();
            assertThat(writers.volumes()).isZero();
        }
    }

    @Test
    void anIdleWriterLeavesWithItsExtentsReleased() {
        try (ContentWriter content = write(1, 10_000)) {
            content.finish();
            now.addAndGet(PackedWriterOptions.defaults().idleAfter().toNanos() + 1);
            writers.tick(now.get());
            assertThat(writers.volumes()).isEqualTo(1);
        }
        now.addAndGet(PackedWriterOptions.defaults().idleAfter().toNanos() + 1);
        writers.tick(now.get());
        assertThat(writers.volumes()).isZero();
        assertThat(states()).containsExactly(ExtentState.RELEASED);
    }

    @Test
    void theLongestIdleWriterMakesRoomForAnotherVolume() {
        write(1, 10_000).close();
        now.incrementAndGet();
        try (ContentWriter second = write(2, 10_000);
                ContentWriter third = write(3, 10_000)) {
            assertThat(writers.volumes()).isEqualTo(VOLUMES_MAX);
            second.finish();
            third.finish();
            assertThatThrownBy(() -> write(1, 10_000))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.UNAVAILABLE));
        }
        write(1, 10_000).close();
        assertThat(writers.volumes()).isEqualTo(VOLUMES_MAX);
    }

    @Test
    void whatWasBegunUnderALostSessionIsLeftAndNewContentsAreWrittenUnderTheNext() {
        try (ContentWriter old = write(1, 10_000)) {
            old.finish();
            final ShardSession keeper = new ShardSession(shard, () -> 99L, new ReadPins());
            keeper.open();
            keeper.end(List.of(sessionId.getAndIncrement()));
            session.call(NamespaceCommands.setTenantQuota("tenant", Quota.NONE));
            try (ContentWriter fresh = write(1, 10_000)) {
                fresh.finish();
                assertThat(shard.<Integer>read(
                                reader -> new ExtentQueries(reader).orphaned(10).size()))
                        .isEqualTo(1);
            }
        }
        writers.tick(now.get());
        assertThat(writers.volumes()).isEqualTo(1);
    }
}
