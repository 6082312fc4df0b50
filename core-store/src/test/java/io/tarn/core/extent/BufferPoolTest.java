package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(2L * BufferPool.MAX_BUFFER_BYTES);

    @Test
    void buffersAreDirectAndLargeEnough() {
        for (final int bytes : new int[] {1, 4096, 4097, 1 << 20, BufferPool.MAX_BUFFER_BYTES}) {
            try (PooledBuffer buffer = pool.borrow(bytes, Duration.ZERO)) {
                assertThat(buffer.buffer().isDirect()).isTrue();
                assertThat(buffer.buffer().capacity()).isBetween(bytes, Math.max(4096, 2 * bytes));
            }
        }
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    void noTwoBorrowersShareAByteAndAllComesTogetherAgain() {
        final Random random = new Random(3);
        final List<PooledBuffer> lent = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (lent.isEmpty() || random.nextInt(5) < 3) {
                final Optional<PooledBuffer> buffer = pool.tryBorrow(1 << random.nextInt(12, 22));
                buffer.ifPresent(b -> {
                    stamp(b.buffer(), System.identityHashCode(b));
                    lent.add(b);
                });
            } else {
                final PooledBuffer buffer = lent.remove(random.nextInt(lent.size()));
                assertStamped(buffer.buffer(), System.identityHashCode(buffer));
                buffer.close();
                buffer.close();
            }
        }
        lent.forEach(PooledBuffer::close);
        assertThat(pool.lentBytes()).isZero();
        assertThat(pool.tryBorrow(BufferPool.MAX_BUFFER_BYTES)).isPresent();
        assertThat(pool.tryBorrow(BufferPool.MAX_BUFFER_BYTES)).isPresent();
        assertThat(pool.tryBorrow(1)).isEmpty();
    }

    @Test
    void aBorrowerWaitsForABufferAndNotForEver() {
        final PooledBuffer first = pool.borrow(BufferPool.MAX_BUFFER_BYTES, Duration.ZERO);
        final PooledBuffer second = pool.borrow(BufferPool.MAX_BUFFER_BYTES, Duration.ZERO);
        assertThatThrownBy(() -> pool.borrow(1, Duration.ofMillis(1))).isInstanceOf(StorageException.class);
        final CompletableFuture<PooledBuffer> waiting =
                CompletableFuture.supplyAsync(() -> pool.borrow(1, Duration.ofSeconds(20)));
        first.close();
        assertThat(waiting.join().buffer().capacity()).isEqualTo(4096);
        second.close();
    }

    private static void stamp(final ByteBuffer buffer, final int value) {
        buffer.putInt(0, value).putInt(buffer.capacity() / 2, value).putInt(buffer.capacity() - 4, value);
    }

    private static void assertStamped(final ByteBuffer buffer, final int value) {
        assertThat(buffer.getInt(0)).isEqualTo(value);
        assertThat(buffer.getInt(buffer.capacity() / 2)).isEqualTo(value);
        assertThat(buffer.getInt(buffer.capacity() - 4)).isEqualTo(value);
    }
}
