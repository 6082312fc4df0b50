package io.tarn.bench.mount;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a task has done.
 *
 * @param operations finished
 * @param elapsedSeconds from the first's beginning to the last's end
 * @param latency of single operations, where they were measured
 * @param stopped whether the time was over before the work was, where there was a fixed amount of it
 */
public record Tally(long operations, double elapsedSeconds, Optional<Latency> latency, boolean stopped) {
    /**
     * Times of single operations.
     *
     * @param p50Millis median
     * @param p99Millis 99th percentile
     */
    public record Latency(double p50Millis, double p99Millis) {
        /** Of a distribution in nanoseconds. */
        public static Latency of(final Histogram nanos) {
            return new Latency(millis(nanos, 50), millis(nanos, 99));
        }

        /** Of runs of the same length. */
        static Latency mean(final List<Latency> runs) {
            return new Latency(
                    runs.stream().mapToDouble(Latency::p50Millis).average().orElseThrow(),
                    runs.stream().mapToDouble(Latency::p99Millis).average().orElseThrow());
        }

        private static double millis(final Histogram nanos, final double percentile) {
            return nanos.getValueAtPercentile(percentile) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }
    }

    /** Work without single times that came to its end. */
    public static Tally finished(final long operations, final double elapsedSeconds) {
        return new Tally(operations, elapsedSeconds, Optional.empty(), false);
    }

    /** Several runs of the same, one after another; pauses between them do not count. */
    public static Tally ofPasses(final List<Tally> passes) {
        final List<Latency> latencies =
                passes.stream().map(Tally::latency).flatMap(Optional::stream).toList();
        return new Tally(
                passes.stream().mapToLong(Tally::operations).sum(),
                passes.stream().mapToDouble(Tally::elapsedSeconds).sum(),
                latencies.isEmpty() ? Optional.empty() : Optional.of(Latency.mean(latencies)),
                passes.stream().anyMatch(Tally::stopped));
    }

    /** Operations a second. */
    public double rate() {
        return operations / elapsedSeconds;
    }
}
