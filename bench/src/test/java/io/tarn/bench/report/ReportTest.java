package io.tarn.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.bench.load.Case;
import io.tarn.bench.load.Measurements;
import io.tarn.bench.load.Measurements.CaseResult;
import io.tarn.bench.load.Measurements.Server;
import io.tarn.bench.load.Operation;
import io.tarn.bench.load.RunResult;
import io.tarn.bench.process.Memory;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static RunResult run(final double elapsedSeconds, final double serverCpuSeconds) {
        final Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount((long) (elapsedSeconds * 1e6), 1000);
        return new RunResult(1000, 4_096_000, elapsedSeconds, latencies, serverCpuSeconds, 0.1, 0);
    }

    private static Measurements measurements() {
        final Memory memory = new Memory(100 << 20, 200 << 20);
        final Case few = new Case(Operation.PUT, 4096, 32, 1000);
        final Case many = new Case(Operation.PUT, 4096, 32, 1_000_000);
        return new Measurements(
                List.of(new Server("tarn", 1, memory, memory, 0), new Server("minio", 2, memory, memory, 0.5)),
                List.of(
                        new CaseResult(few, List.of(List.of(run(1, 0.5), run(1, 0.7)), List.of(run(4, 2.4)))),
                        new CaseResult(many, List.of(List.of(run(1, 0.9)), List.of(run(4, 2.4))))));
    }

    @Test
    void roundsAddUpAndKeepTheirSpread() {
        final Summary summary = Summary.of(List.of(run(1, 0.5), run(3, 0.7)));
        assertThat(summary.operationsPerSecond()).isEqualTo(500);
        assertThat(summary.serverCpu()).isEqualTo(0.6);
        assertThat(List.of(summary.serverCpuLowest(), summary.serverCpuHighest()))
                .containsExactly(0.5, 0.7);
    }

    @Test
    void ratiosAboveOneMeanBetterInSpeedAndInCost() {
        final Summary.Ratio ratio = Summary.of(List.of(run(1, 0.5))).against(Summary.of(List.of(run(4, 1.5))));
        assertThat(ratio.operationsPerSecond()).isEqualTo(4);
        assertThat(ratio.serverCpu()).isEqualTo(3);
        assertThat(ratio.p50()).isBetween(3.99, 4.01);
    }

    @Test
    void theTextHasARowPerServerTheirRatioAndTheCostOfManyKeys() {
        final String text = new Report(measurements()).text();
        assertThat(text).containsPattern("PUT 4 KiB of 1,000 +32 +tarn +1,000 +4\\.10 .* 0\\.600 +0\\.100\\R");
        assertThat(text).containsPattern("tarn : minio +x 4\\.00 .* x 4\\.00\\R");
        assertThat(text).containsPattern("PUT +tarn +1,000 +0\\.600 +1,000,000 +0\\.900 +x 1\\.50\\R");
    }

    @Test
    void markdownRowsAllHaveTheirColumns() {
        final String cases = new Report(measurements()).markdown().split("\n\n")[0];
        assertThat(cases.lines()).allSatisfy(line -> assertThat(line.chars().filter(c -> c == '|'))
                .hasSize(10));
    }

    @Test
    void jsonHoldsEveryCaseOnEveryServer() {
        final String json = JsonReport.of(measurements());
        assertThat(json).startsWith("{\"servers\":[{\"name\":\"tarn\",\"pid\":1,");
        assertThat(json)
                .contains(
                        "\"operation\":\"PUT\",\"sizeBytes\":4096,\"concurrency\":32,\"keysInBucket\":1000,\"results\":[{");
        assertThat(json)
                .contains("},{\"server\":\"minio\"")
                .doesNotContain(",}")
                .doesNotContain("[,");
    }
}
