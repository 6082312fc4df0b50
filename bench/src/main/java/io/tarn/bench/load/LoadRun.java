package io.tarn.bench.load;

import com.sun.management.OperatingSystemMXBean;
import io.tarn.bench.s3.S3Connection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Runs one kind of operation on one endpoint, closed-loop: each worker sends its next request when it has its answer.
 *
 * <p>Threading: one platform thread and one connection per worker; all are connected before the clock starts. Nothing is shared
 * in the loop but one counter. Bounded: by count and time, and a server that stops answering by cutting the connections.
 */
final class LoadRun {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long LOWEST_NANOS = 1000;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Target target;
    private final List<Target> bystanders;
    private final Limits limits;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    LoadRun(final Target target, final List<Target> bystanders, final Limits limits) {
        this.target = target;
        this.bystanders = bystanders;
        this.limits = limits;
    }

    /**
     * Runs to the end. Operations 0 to {@link RunResult#operations} - 1 have then been done, each once.
     *
     * @param steps makes the step of a worker, by its number
     * @throws IOException when any operation fails or gets a wrong answer
     */
    RunResult run(final int concurrency, final IntFunction<Step> steps) throws IOException, InterruptedException {
        final List<S3Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < concurrency; i++) {
                connections.add(target.connect());
            }
            return run(connections, steps);
        } finally {
            closeAll(connections);
        }
    }

    private RunResult run(final List<S3Connection> connections, final IntFunction<Step> steps)
            throws IOException, InterruptedException {
        final Histogram latencies = histogram();
        final CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService workers = Executors.newFixedThreadPool(connections.size())) {
            final CyclicBarrier ready = new CyclicBarrier(connections.size() + 1);
            final List<Future<Histogram>> results = new ArrayList<>();
            for (int i = 0; i < connections.size(); i++) {
                final S3Connection connection = connections.get(i);
                final Step step = steps.apply(i);
                results.add(workers.submit(() -> {
                    ready.await();
                    start.await();
                    return work(connection, step);
                }));
            }
            await(ready);
            final double server = target.process().cpuSeconds();
            final double idle = cpuOf(bystanders);
            final double client = clientCpuSeconds();
            final long begin = System.nanoTime();
            start.countDown();
            final long latest = begin + limits.duration().plus(Limits.GRACE).toNanos();
            collect(results, latest, connections, latencies);
            return new RunResult(
                    latencies.getTotalCount(),
                    bytes.get(),
                    (System.nanoTime() - begin) / 1e9,
                    latencies,
                    target.process().cpuSeconds() - server,
                    clientCpuSeconds() - client,
                    cpuOf(bystanders) - idle);
        }
    }

    private Histogram work(final S3Connection connection, final Step step) throws IOException {
        final Histogram latencies = histogram();
        final long deadline = System.nanoTime() + limits.duration().toNanos();
        long moved = 0;
        long begin = System.nanoTime();
        while (begin < deadline) {
            final long index = next.getAndIncrement();
            if (index >= limits.operations()) {
                break;
            }
            moved += step.perform(connection, index);
            final long end = System.nanoTime();
            latencies.recordValue(Math.min(end - begin, HIGHEST_NANOS));
            begin = end;
        }
        bytes.addAndGet(moved);
        return latencies;
    }

    private void collect(
            final List<Future<Histogram>> results,
            final long latest,
            final List<S3Connection> connections,
            final Histogram into)
            throws IOException, InterruptedException {
        try {
            for (final Future<Histogram> result : results) {
                into.add(result.get(latest - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
        } catch (final ExecutionException e) {
            closeAll(connections);
            throw new IOException(target.endpoint().name() + ": " + e.getCause().getMessage(), e.getCause());
        } catch (final TimeoutException e) {
            closeAll(connections);
            throw new IOException(
                    target.endpoint().name() + " left a request unanswered for " + Limits.GRACE.toSeconds() + " s", e);
        }
    }

    private static void await(final CyclicBarrier barrier) throws InterruptedException {
        try {
            barrier.await();
        } catch (final BrokenBarrierException e) {
            throw new IllegalStateException("a worker was interrupted before the start", e);
        }
    }

    private static void closeAll(final List<S3Connection> connections) throws IOException {
        for (final S3Connection connection : connections) {
            connection.close();
        }
    }

    private static double cpuOf(final List<Target> targets) throws IOException {
        double seconds = 0;
        for (final Target target : targets) {
            seconds += target.process().cpuSeconds();
        }
        return seconds;
    }

    private static double clientCpuSeconds() {
        final var os = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return os.getProcessCpuTime() / 1e9;
    }

    private static Histogram histogram() {
        return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    }
}
