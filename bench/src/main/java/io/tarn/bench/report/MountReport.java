package io.tarn.bench.report;

import io.tarn.bench.mount.MountResults;
import io.tarn.bench.mount.MountResults.PlaceMemory;
import io.tarn.bench.mount.MountResults.TaskResult;
import io.tarn.bench.report.MountTargets.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Results for people: the speeds side by side with ratios and targets, then what each cost, memory, and notes. */
public final class MountReport {
    private static final List<String> COST_HEADER = List.of(
            "work",
            "at once",
            "place",
            "speed",
            "p50 ms",
            "p99 ms",
            "CPU-s/1k ops",
            "load user",
            "load kernel",
            "sync s");
    private static final List<String> MEMORY_HEADER =
            List.of("place", "RSS MiB before", "RSS MiB highest", "RSS MiB peak");

    private final MountResults results;
    private final boolean cold;
    private final List<String> names;

    /**
     * A report.
     *
     * @param cold whether the kernel's caches were emptied for what is called cold
     */
    public MountReport(final MountResults results, final boolean cold) {
        this.results = results;
        this.cold = cold;
        this.names = results.places().stream().map(PlaceMemory::name).toList();
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
        final StringBuilder out = new StringBuilder();
        out.append(layout.apply(speeds()))
                .append('\n')
                .append(layout.apply(costs()))
                .append('\n')
                .append(layout.apply(memory()));
        notes().forEach(note -> out.append('\n').append(note).append('\n'));
        return out.toString();
    }

    private Table speeds() {
        final boolean targets = names.contains(MountTargets.TARN);
        final List<String> header = new ArrayList<>(List.of("work", "at once", "unit"));
        header.addAll(names);
        names.stream().skip(1).forEach(other -> header.add(names.getFirst() + " : " + other));
        if (targets) {
            header.addAll(List.of("target", "reached"));
        }
        final Table table = new Table(1, header);
        for (final TaskResult result : results.results()) {
            final List<MountSummary> summaries = summaries(result);
            final List<String> row = new ArrayList<>(List.of(
                    result.task().name(),
                    Integer.toString(result.task().workers()),
                    result.task().scale().unit()));
            summaries.forEach(summary -> row.add(speed(summary)));
            summaries.stream()
                    .skip(1)
                    .forEach(other -> row.add(Figures.ratio(summaries.getFirst().rate() / other.rate())));
            if (targets) {
                row.addAll(target(result, summaries));
            }
            table.add(row);
        }
        return table;
    }

    private List<String> target(final TaskResult result, final List<MountSummary> summaries) {
        final Optional<Goal> goal = MountTargets.of(result.task());
        if (goal.isEmpty()) {
            return List.of("", "");
        }
        final Optional<MountSummary> peer =
                goal.get() instanceof final Goal.TimesOf times ? of(times.peer(), summaries) : Optional.empty();
        final Optional<Boolean> reached = MountTargets.reached(
                goal.get(), of(MountTargets.TARN, summaries).orElseThrow(), peer);
        return List.of(goal.get().text(), reached.map(yes -> yes ? "yes" : "NO").orElse("?"));
    }

    private Optional<MountSummary> of(final String name, final List<MountSummary> summaries) {
        final int index = names.indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(summaries.get(index));
    }

    private Table costs() {
        final Table table = new Table(1, COST_HEADER);
        for (final TaskResult result : results.results()) {
            final List<MountSummary> summaries = summaries(result);
            for (int i = 0; i < names.size(); i++) {
                final MountSummary summary = summaries.get(i);
                table.add(List.of(
                        result.task().name(),
                        Integer.toString(result.task().workers()),
                        names.get(i),
                        speed(summary),
                        Figures.number(summary.p50Millis()),
                        Figures.number(summary.p99Millis()),
                        Figures.number(summary.servingCpu()),
                        Figures.number(summary.loadUserCpu()),
                        Figures.number(summary.loadSystemCpu()),
                        Figures.number(summary.syncSeconds())));
            }
        }
        return table;
    }

    private static String speed(final MountSummary summary) {
        return (summary.stopped() && summary.operations() > 0 ? "~" : "") + Figures.number(summary.value());
    }

    private Table memory() {
        final Table table = new Table(1, MEMORY_HEADER);
        for (final PlaceMemory place : results.places()) {
            table.add(List.of(
                    place.name(),
                    Figures.mebibytes(place.before().residentBytes()),
                    Figures.mebibytes(place.highest().residentBytes()),
                    Figures.mebibytes(place.highest().peakBytes())));
        }
        return table;
    }

    private List<String> notes() {
        final List<String> notes = new ArrayList<>();
        if (names.size() > 1) {
            notes.add("Ratios: above 1 means that " + names.getFirst() + " is faster.");
        }
        if (results.results().stream()
                .flatMap(result -> summaries(result).stream())
                .anyMatch(MountSummary::stopped)) {
            notes.add("~: stopped before its end; the time is worked out from how far it came.");
        }
        if (!cold) {
            notes.add(
                    "The kernel's caches were not emptied: what is called cold is only as cold as mounting again makes it.");
        }
        return notes;
    }

    private static List<MountSummary> summaries(final TaskResult result) {
        return result.turns().stream()
                .map(turns -> MountSummary.of(result.task().scale(), turns))
                .toList();
    }
}
