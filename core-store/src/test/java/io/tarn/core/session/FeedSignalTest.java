package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class FeedSignalTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final FeedSignal signal = new FeedSignal();

    private void awaitWaiters(final int count) {
        final long deadline = System.nanoTime() + LONG.toNanos();
        while (signal.waiters() != count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void newsOfAnotherVolumeWakeNobodyForGood() throws Exception {
        final AtomicBoolean there = new AtomicBoolean();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<Boolean> waiting = executor.submit(() -> signal.await(1, there::get, LONG));
            awaitWaiters(1);
            signal.news(List.of(2L));
            assertThat(waiting.isDone()).isFalse();
            there.set(true);
            signal.news(List.of(1L));
            assertThat(waiting.get()).isTrue();
        }
        assertThat(signal.waiters()).isZero();
    }

    @Test
    void thoseBeyondTheBoundAreRefusedAndCloseSendsAllAway() {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < FeedSignal.WAITERS_MAX; i++) {
                final long volume = i % 10;
                waiting.add(executor.submit(() -> signal.await(volume, () -> false, LONG)));
            }
            awaitWaiters(FeedSignal.WAITERS_MAX);
            assertThatThrownBy(() -> signal.await(1, () -> true, LONG))
                    .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                            .isEqualTo(Failure.UNAVAILABLE));
            signal.close();
            waiting.forEach(one -> assertThatThrownBy(one::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StorageException.class));
        }
        assertThat(signal.waiters()).isZero();
    }
}
