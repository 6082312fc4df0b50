package io.tarn.bench.report;

import io.tarn.bench.mount.MountResults;
import io.tarn.bench.mount.MountResults.PlaceMemory;
import io.tarn.bench.mount.MountResults.TaskResult;
import java.util.stream.IntStream;

/** Results for programs, unrounded. */
public final class MountJson {
    private final JsonText json = new JsonText();
    private final MountResults results;

    private MountJson(final MountResults results) {
        this.results = results;
    }

    /** A JSON object with the arrays {@code places} and {@code tasks}. */
    public static String of(final MountResults results) {
        return new MountJson(results).write();
    }

    private String write() {
        json.object(() -> {
            json.name("places");
            json.array(results.places(), this::place);
            json.name("tasks");
            json.array(results.results(), this::task);
        });
        return json.text();
    }

    private void place(final PlaceMemory place) {
        json.object(() -> {
            json.field("name", place.name());
            json.field("residentBytesBefore", place.before().residentBytes());
            json.field("residentBytesHighest", place.highest().residentBytes());
            json.field("residentBytesPeak", place.highest().peakBytes());
        });
    }

    private void task(final TaskResult result) {
        json.object(() -> {
            json.field("group", result.group().toString());
            json.field("name", result.task().name());
            json.field("workers", result.task().workers());
            json.field("unit", result.task().scale().unit());
            json.name("results");
            json.array(
                    IntStream.range(0, results.places().size()).boxed().toList(),
                    i -> summary(
                            results.places().get(i).name(),
                            MountSummary.of(
                                    result.task().scale(), result.turns().get(i))));
        });
    }

    private void summary(final String place, final MountSummary summary) {
        json.object(() -> {
            json.field("place", place);
            json.field("operations", summary.operations());
            json.field("operationsPerSecond", summary.rate());
            json.field("value", summary.value());
            json.field("p50Millis", summary.p50Millis());
            json.field("p99Millis", summary.p99Millis());
            json.field("servingCpuSecondsPer1000", summary.servingCpu());
            json.field("loadUserCpuSecondsPer1000", summary.loadUserCpu());
            json.field("loadSystemCpuSecondsPer1000", summary.loadSystemCpu());
            json.field("syncSeconds", summary.syncSeconds());
            json.field("stopped", summary.stopped());
        });
    }
}
