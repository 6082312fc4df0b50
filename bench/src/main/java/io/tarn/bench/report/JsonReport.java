package io.tarn.bench.report;

import io.tarn.bench.load.Measurements;
import io.tarn.bench.load.Measurements.CaseResult;
import io.tarn.bench.load.Measurements.Server;
import java.util.stream.IntStream;

/** Measurements for programs, with the spread over the rounds and unrounded. */
public final class JsonReport {
    private final JsonText json = new JsonText();

    private JsonReport() {}

    /** A JSON object with the arrays {@code servers} and {@code cases}. */
    public static String of(final Measurements measurements) {
        final JsonReport report = new JsonReport();
        report.json.object(() -> {
            report.json.name("servers");
            report.json.array(measurements.servers(), report::server);
            report.json.name("cases");
            report.json.array(measurements.cases(), result -> report.caseOf(measurements, result));
        });
        return report.json.text();
    }

    private void server(final Server server) {
        json.object(() -> {
            json.field("name", server.name());
            json.field("pid", server.pid());
            json.field("residentBytesBefore", server.before().residentBytes());
            json.field("residentBytesAfter", server.after().residentBytes());
            json.field("residentBytesPeak", server.after().peakBytes());
            json.field("backgroundCpuSeconds", server.backgroundCpuSeconds());
        });
    }

    private void caseOf(final Measurements measurements, final CaseResult result) {
        json.object(() -> {
            json.field("operation", result.subject().operation().toString());
            json.field("sizeBytes", result.subject().sizeBytes());
            json.field("concurrency", result.subject().concurrency());
            json.field("keysInBucket", result.subject().keysInBucket());
            json.name("results");
            json.array(
                    IntStream.range(0, result.rounds().size()).boxed().toList(),
                    i -> result(
                            measurements.servers().get(i).name(),
                            Summary.of(result.rounds().get(i))));
        });
    }

    private void result(final String server, final Summary summary) {
        json.object(() -> {
            json.field("server", server);
            json.field("operations", summary.operations());
            json.field("operationsPerSecond", summary.operationsPerSecond());
            json.field("megabytesPerSecond", summary.megabytesPerSecond());
            json.field("p50Millis", summary.p50Millis());
            json.field("p99Millis", summary.p99Millis());
            json.field("serverCpuSecondsPer1000", summary.serverCpu());
            json.field("serverCpuSecondsPer1000Lowest", summary.serverCpuLowest());
            json.field("serverCpuSecondsPer1000Highest", summary.serverCpuHighest());
            json.field("clientCpuSecondsPer1000", summary.clientCpu());
            json.field("bystanderCores", summary.bystanderCores());
        });
    }
}
