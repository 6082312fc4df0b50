package io.tarn.bench.report;

import io.tarn.bench.load.Measurements;
import io.tarn.bench.load.Measurements.CaseResult;
import io.tarn.bench.load.Measurements.Server;
import java.util.Locale;
import java.util.function.Consumer;

/** Measurements for programs, with the spread over the rounds and unrounded. */
public final class JsonReport {
    private final StringBuilder out = new StringBuilder();

    private JsonReport() {}

    /** A JSON object with the arrays {@code servers} and {@code cases}. */
    public static String of(final Measurements measurements) {
        final JsonReport json = new JsonReport();
        json.object(root -> {
            json.name("servers");
            json.array(measurements.servers(), json::server);
            json.name("cases");
            json.array(measurements.cases(), result -> json.caseOf(measurements, result));
        });
        return json.out.append('\n').toString();
    }

    private void server(final Server server) {
        object(ignored -> {
            field("name", server.name());
            field("pid", server.pid());
            field("residentBytesBefore", server.before().residentBytes());
            field("residentBytesAfter", server.after().residentBytes());
            field("residentBytesPeak", server.after().peakBytes());
            field("backgroundCpuSeconds", server.backgroundCpuSeconds());
        });
    }

    private void caseOf(final Measurements measurements, final CaseResult result) {
        object(ignored -> {
            field("operation", result.subject().operation().toString());
            field("sizeBytes", result.subject().sizeBytes());
            field("concurrency", result.subject().concurrency());
            field("keysInBucket", result.subject().keysInBucket());
            name("results");
            out.append('[');
            for (int i = 0; i < result.rounds().size(); i++) {
                separate();
                result(
                        measurements.servers().get(i).name(),
                        Summary.of(result.rounds().get(i)));
            }
            out.append(']');
        });
    }

    private void result(final String server, final Summary summary) {
        object(ignored -> {
            field("server", server);
            field("operations", summary.operations());
            field("operationsPerSecond", summary.operationsPerSecond());
            field("megabytesPerSecond", summary.megabytesPerSecond());
            field("p50Millis", summary.p50Millis());
            field("p99Millis", summary.p99Millis());
            field("serverCpuSecondsPer1000", summary.serverCpu());
            field("serverCpuSecondsPer1000Lowest", summary.serverCpuLowest());
            field("serverCpuSecondsPer1000Highest", summary.serverCpuHighest());
            field("clientCpuSecondsPer1000", summary.clientCpu());
            field("bystanderCores", summary.bystanderCores());
        });
    }

    private void object(final Consumer<StringBuilder> body) {
        out.append('{');
        body.accept(out);
        out.append('}');
    }

    private <T> void array(final Iterable<T> items, final Consumer<T> body) {
        out.append('[');
        for (final T item : items) {
            separate();
            body.accept(item);
        }
        out.append(']');
    }

    private void name(final String name) {
        separate();
        string(name);
        out.append(':');
    }

    private void field(final String name, final String value) {
        name(name);
        string(value);
    }

    private void field(final String name, final long value) {
        name(name);
        out.append(value);
    }

    private void field(final String name, final double value) {
        name(name);
        out.append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null");
    }

    private void separate() {
        final char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[' && last != ':') {
            out.append(',');
        }
    }

    private void string(final String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
