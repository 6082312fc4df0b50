package io.tarn.bench.report;

import io.tarn.bench.load.RunResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The rounds of one case on one endpoint taken together: operations, bytes and times added up, latencies in one distribution.
 *
 * @param operations in all rounds
 * @param operationsPerSecond over the summed wall time
 * @param megabytesPerSecond object bytes, 10^6 per second
 * @param p50Millis median latency
 * @param p99Millis 99th percentile of latency
 * @param serverCpu server CPU-seconds per 1,000 operations
 * @param serverCpuLowest the same in the cheapest round
 * @param serverCpuHighest the same in the dearest round
 * @param clientCpu client CPU-seconds per 1,000 operations
 * @param bystanderCores cores that the idle servers kept busy on average
 */
record Summary(
        long operations,
        double operationsPerSecond,
        double megabytesPerSecond,
        double p50Millis,
        double p99Millis,
        double serverCpu,
        double serverCpuLowest,
        double serverCpuHighest,
        double clientCpu,
        double bystanderCores) {
    private static final double PER = 1000;
    private static final double MEGABYTE = 1e6;

    static Summary of(final List<RunResult> rounds) {
        final long operations = rounds.stream().mapToLong(RunResult::operations).sum();
        final double elapsed =
                rounds.stream().mapToDouble(RunResult::elapsedSeconds).sum();
        final Histogram latencies = new Histogram(rounds.getFirst().latencies());
        latencies.reset();
        rounds.forEach(round -> latencies.add(round.latencies()));
        final double bytes = rounds.stream().mapToDouble(RunResult::bytes).sum();
        return new Summary(
                operations,
                operations / elapsed,
                bytes / elapsed / MEGABYTE,
                millis(latencies, 50),
                millis(latencies, 99),
                rounds.stream().mapToDouble(RunResult::serverCpuSeconds).sum() / operations * PER,
                rounds.stream().mapToDouble(Summary::serverCpu).min().orElseThrow(),
                rounds.stream().mapToDouble(Summary::serverCpu).max().orElseThrow(),
                rounds.stream().mapToDouble(RunResult::clientCpuSeconds).sum() / operations * PER,
                rounds.stream().mapToDouble(RunResult::bystanderCpuSeconds).sum() / elapsed);
    }

    private static double serverCpu(final RunResult round) {
        return round.serverCpuSeconds() / round.operations() * PER;
    }

    private static double millis(final Histogram latencies, final double percentile) {
        return latencies.getValueAtPercentile(percentile) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /**
     * How much better this is than a peer: above 1 in every column means better, so times and costs are turned round.
     *
     * @param operationsPerSecond this over the peer's
     * @param p50 the peer's over this
     * @param p99 the peer's over this
     * @param serverCpu the peer's over this
     */
    record Ratio(double operationsPerSecond, double p50, double p99, double serverCpu) {}

    Ratio against(final Summary peer) {
        return new Ratio(
                operationsPerSecond / peer.operationsPerSecond,
                peer.p50Millis / p50Millis,
                peer.p99Millis / p99Millis,
                peer.serverCpu / serverCpu);
    }
}
