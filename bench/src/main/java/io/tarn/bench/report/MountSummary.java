package io.tarn.bench.report;

import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Tally;
import io.tarn.bench.mount.Turn;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one task at one place taken together.
 *
 * @param operations in all rounds
 * @param rate operations a second, over the summed time
 * @param value what is told of it
 * @param p50Millis mean of the rounds' medians; not a number where single operations are not timed
 * @param p99Millis the same of the 99th percentiles
 * @param servingCpu CPU-seconds of the mount's processes per 1,000 operations
 * @param loadUserCpu CPU-seconds of the load's own code per 1,000 operations
 * @param loadSystemCpu CPU-seconds of the kernel on the load's calls per 1,000 operations
 * @param syncSeconds how long syncing took afterwards, on average
 * @param stopped whether a fixed amount of work was not done in the time, so that its time is worked out from what was
 */
record MountSummary(
        long operations,
        double rate,
        double value,
        double p50Millis,
        double p99Millis,
        double servingCpu,
        double loadUserCpu,
        double loadSystemCpu,
        double syncSeconds,
        boolean stopped) {
    private static final double PER = 1000;

    static MountSummary of(final Scale scale, final List<Turn> turns) {
        final long operations =
                turns.stream().mapToLong(turn -> turn.tally().operations()).sum();
        final double rate = operations / sum(turns, turn -> turn.tally().elapsedSeconds());
        return new MountSummary(
                operations,
                rate,
                scale.value(rate),
                latency(turns, Tally.Latency::p50Millis),
                latency(turns, Tally.Latency::p99Millis),
                sum(turns, turn -> turn.serving().seconds()) / operations * PER,
                sum(turns, turn -> turn.load().userSeconds()) / operations * PER,
                sum(turns, turn -> turn.load().systemSeconds()) / operations * PER,
                sum(turns, Turn::syncSeconds) / turns.size(),
                scale.isTime() && turns.stream().anyMatch(turn -> turn.tally().stopped()));
    }

    private static double sum(final List<Turn> turns, final ToDoubleFunction<Turn> field) {
        return turns.stream().mapToDouble(field).sum();
    }

    private static double latency(final List<Turn> turns, final ToDoubleFunction<Tally.Latency> field) {
        return turns.stream()
                .map(turn -> turn.tally().latency())
                .flatMap(Optional::stream)
                .mapToDouble(field)
                .average()
                .orElse(Double.NaN);
    }
}
