package io.tarn.bench.mount.work;

import io.tarn.bench.linux.Calls;
import io.tarn.bench.mount.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Does one operation again and again, in several threads at once, each on files of its own. To a kernel threads are what processes are; they
 * start without a cost and are compiled once.
 *
 * <p>Cost in the loop: the operation, two looks at the clock, a count in a histogram. Nothing is shared.
 */
final class Workers {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int SIGNIFICANT_DIGITS = 3;

    private Workers() {}

    /** One operation of one worker. */
    @FunctionalInterface
    interface Operation {
        /**
         * @param calls the thread's
         * @param number of the operation, counted by each worker from 0
         */
        void perform(Calls calls, long number) throws IOException;
    }

    /**
     * What the workers did.
     *
     * @param tally of all
     * @param counts of each: its operations 0 to count - 1 were done
     */
    record Done(Tally tally, long[] counts) {}

    /**
     * Runs until each worker did so many, or the time is over.
     *
     * @param operations makes the operation of a worker, by its number
     * @throws IOException when any fails
     */
    static Done run(final int workers, final long each, final Duration limit, final IntFunction<Operation> operations)
            throws IOException, InterruptedException {
        final long[] most = new long[workers];
        Arrays.fill(most, each);
        return run(most, limit, operations);
    }

    /** The same with a number of operations for each worker. */
    static Done run(final long[] most, final Duration limit, final IntFunction<Operation> operations)
            throws IOException, InterruptedException {
        final CountDownLatch start = new CountDownLatch(1);
        final List<Future<Histogram>> futures = new ArrayList<>();
        final Histogram all = histogram();
        final long[] counts = new long[most.length];
        try (ExecutorService threads = Executors.newFixedThreadPool(most.length)) {
            for (int worker = 0; worker < most.length; worker++) {
                final Operation operation = operations.apply(worker);
                final long own = most[worker];
                futures.add(threads.submit(() -> {
                    start.await();
                    return work(operation, own, limit);
                }));
            }
            final long begin = System.nanoTime();
            start.countDown();
            boolean stopped = false;
            for (int worker = 0; worker < most.length; worker++) {
                final Histogram done = get(futures.get(worker));
                counts[worker] = done.getTotalCount();
                stopped |= counts[worker] < most[worker];
                all.add(done);
            }
            final double elapsed = (System.nanoTime() - begin) / 1e9;
            return new Done(
                    new Tally(all.getTotalCount(), elapsed, Optional.of(Tally.Latency.of(all)), stopped), counts);
        }
    }

    private static Histogram work(final Operation operation, final long most, final Duration limit) throws IOException {
        final Histogram latencies = histogram();
        final Calls calls = new Calls();
        long begin = System.nanoTime();
        final long deadline = begin + limit.toNanos();
        for (long number = 0; number < most && begin < deadline; number++) {
            operation.perform(calls, number);
            final long end = System.nanoTime();
            latencies.recordValue(Math.min(end - begin, HIGHEST_NANOS));
            begin = end;
        }
        return latencies;
    }

    private static Histogram get(final Future<Histogram> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof final IOException failed) {
                throw failed;
            }
            throw new IllegalStateException("a worker failed", e.getCause());
        }
    }

    private static Histogram histogram() {
        return new Histogram(1, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    }
}
