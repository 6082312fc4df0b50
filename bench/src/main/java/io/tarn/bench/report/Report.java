package io.tarn.bench.report;

import io.tarn.bench.load.Case;
import io.tarn.bench.load.Measurements;
import io.tarn.bench.load.Measurements.CaseResult;
import io.tarn.bench.load.Measurements.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Measurements for people: one table of all cases with a row of ratios below each pair, one of memory, and notes. */
public final class Report {
    private static final List<String> CASE_HEADER = List.of(
            "operation", "conc.", "server", "ops/s", "MB/s", "p50 ms", "p99 ms", "CPU-s/1k ops", "client CPU-s/1k");
    private static final List<String> SERVER_HEADER =
            List.of("server", "RSS MiB before", "RSS MiB after", "RSS MiB peak", "background CPU-s");
    private static final List<String> GROWTH_HEADER =
            List.of("operation", "server", "keys", "CPU-s/1k ops", "keys", "CPU-s/1k ops", "costs");
    private static final double BYSTANDER_NOTICED_CORES = 0.05;

    private final Measurements measurements;

    /** A report of a run. */
    public Report(final Measurements measurements) {
        this.measurements = measurements;
    }

    /** Aligned text for a terminal. */
    public String text() {
        return render(Table::text);
    }

    /** The same as Markdown. */
    public String markdown() {
        return render(Table::markdown);
    }

    private String render(final Function<Table, String> layout) {
        final StringBuilder out = new StringBuilder(layout.apply(cases()));
        growth().ifPresent(table -> out.append('\n').append(layout.apply(table)));
        out.append('\n').append(layout.apply(servers()));
        notes().forEach(note -> out.append('\n').append(note).append('\n'));
        return out.toString();
    }

    private Table cases() {
        final Table table = new Table(1, CASE_HEADER);
        for (final CaseResult result : measurements.cases()) {
            final List<Summary> summaries = summaries(result);
            for (int i = 0; i < summaries.size(); i++) {
                table.add(row(result.subject(), name(i), summaries.get(i)));
            }
            for (int peer = 1; peer < summaries.size(); peer++) {
                table.add(ratioRow(
                        name(0) + " : " + name(peer), summaries.getFirst().against(summaries.get(peer))));
            }
        }
        return table;
    }

    private static List<String> row(final Case subject, final String server, final Summary summary) {
        return List.of(
                Figures.subject(subject),
                Integer.toString(subject.concurrency()),
                server,
                Figures.number(summary.operationsPerSecond()),
                subject.operation().movesData() ? Figures.number(summary.megabytesPerSecond()) : "",
                Figures.number(summary.p50Millis()),
                Figures.number(summary.p99Millis()),
                Figures.number(summary.serverCpu()),
                Figures.number(summary.clientCpu()));
    }

    private static List<String> ratioRow(final String servers, final Summary.Ratio ratio) {
        return List.of(
                "",
                "",
                servers,
                Figures.ratio(ratio.operationsPerSecond()),
                "",
                Figures.ratio(ratio.p50()),
                Figures.ratio(ratio.p99()),
                Figures.ratio(ratio.serverCpu()),
                "");
    }

    /** What each operation costs in the fullest bucket, over the cost in the emptiest with objects of the same size. */
    private Optional<Table> growth() {
        final Table table = new Table(1, GROWTH_HEADER);
        boolean any = false;
        for (final CaseResult many : measurements.cases()) {
            final Optional<CaseResult> few = measurements.cases().stream()
                    .filter(other -> isSmaller(other.subject(), many.subject()))
                    .min(Comparator.comparingLong(other -> other.subject().keysInBucket()));
            if (few.isPresent()) {
                addGrowth(table, few.get(), many);
                any = true;
            }
        }
        return any ? Optional.of(table) : Optional.empty();
    }

    private static boolean isSmaller(final Case few, final Case many) {
        return few.operation() == many.operation()
                && few.sizeBytes() == many.sizeBytes()
                && few.concurrency() == many.concurrency()
                && few.keysInBucket() < many.keysInBucket();
    }

    private void addGrowth(final Table table, final CaseResult few, final CaseResult many) {
        final List<Summary> small = summaries(few);
        final List<Summary> large = summaries(many);
        for (int i = 0; i < small.size(); i++) {
            table.add(List.of(
                    many.subject().operation().toString(),
                    name(i),
                    Figures.keys(few.subject()),
                    Figures.number(small.get(i).serverCpu()),
                    Figures.keys(many.subject()),
                    Figures.number(large.get(i).serverCpu()),
                    Figures.ratio(large.get(i).serverCpu() / small.get(i).serverCpu())));
        }
    }

    private Table servers() {
        final Table table = new Table(1, SERVER_HEADER);
        for (final Server server : measurements.servers()) {
            table.add(List.of(
                    server.name(),
                    Figures.mebibytes(server.before().residentBytes()),
                    Figures.mebibytes(server.after().residentBytes()),
                    Figures.mebibytes(server.after().peakBytes()),
                    Figures.number(server.backgroundCpuSeconds())));
        }
        return table;
    }

    private List<String> notes() {
        final List<String> notes = new ArrayList<>();
        if (measurements.servers().size() > 1) {
            notes.add("Ratios: above 1 means that " + name(0) + " is faster or cheaper.");
        }
        for (final CaseResult result : measurements.cases()) {
            final List<Summary> summaries = summaries(result);
            for (int i = 0; i < summaries.size(); i++) {
                if (summaries.get(i).bystanderCores() > BYSTANDER_NOTICED_CORES) {
                    notes.add("While " + name(i) + " ran " + Figures.subject(result.subject()) + " at concurrency "
                            + result.subject().concurrency() + ", the idle server used "
                            + Figures.number(summaries.get(i).bystanderCores()) + " cores.");
                }
            }
        }
        return notes;
    }

    private static List<Summary> summaries(final CaseResult result) {
        return result.rounds().stream().map(Summary::of).toList();
    }

    private String name(final int server) {
        return measurements.servers().get(server).name();
    }
}
