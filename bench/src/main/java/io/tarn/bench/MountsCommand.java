package io.tarn.bench;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.MountPlan;
import io.tarn.bench.mount.MountResults;
import io.tarn.bench.mount.MountRunner;
import io.tarn.bench.mount.Place;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.work.Amounts;
import io.tarn.bench.mount.work.Program;
import io.tarn.bench.mount.work.Scenarios;
import io.tarn.bench.report.MountJson;
import io.tarn.bench.report.MountReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the benchmark of mounts. */
@Command(
        name = "bench/mounts",
        mixinStandardHelpOptions = true,
        version = "tarn-bench 0.1.0",
        sortOptions = false,
        usageHelpWidth = 110,
        description =
                "Measures directories of any file system: small files, syncs, large files (fio), listings, SQLite, git, trees. With "
                        + "several directories they take turns, task by task, and ratios of the first to the others are printed. What is read is "
                        + "verified. The CPU time of the processes that serve a mount is told per 1,000 operations when they are named.",
        footer = {
            "",
            "Example: bench/mounts tarn=/mnt/tarn local=/var/tmp --pid tarn=4711 --groups SMALL,READ",
            "Exit codes: 0 measured, 1 something failed or was wrong, 2 wrong usage."
        })
final class MountsCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "[NAME=]DIR",
            description = "Directories, each worked on in a new directory below it; named by its last part otherwise.")
    private List<String> directories = List.of();

    @Option(
            names = "--pid",
            paramLabel = "NAME=PID",
            description = "A process that serves this place, with its descendants; may be repeated.")
    private List<String> pids = List.of();

    @Option(
            names = "--mark",
            paramLabel = "NAME=VARIABLE=VALUE",
            description = "All processes whose environment has this serve the place: daemons inherit it.")
    private Map<String, String> marks = new LinkedHashMap<>();

    @Option(
            names = "--remount",
            paramLabel = "NAME=COMMAND",
            description =
                    "Shell command that unmounts the place and mounts it again, so that what its processes remember is gone.")
    private Map<String, String> remounts = new LinkedHashMap<>();

    @Option(
            names = "--groups",
            split = ",",
            defaultValue = "SMALL,SYNC,READ,LARGE,LIST,SQLITE,GIT,TREE",
            description = "What to measure, of ${COMPLETION-CANDIDATES}; default: all.")
    private List<Group> groups = List.of();

    @Option(
            names = "--workers",
            split = ",",
            defaultValue = "1,8",
            description = "How many work on small files at once, each number by itself; default: ${DEFAULT-VALUE}.")
    private List<Integer> workers = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "1",
            description = "Measured runs of everything; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "Longest run of a task that could go on for ever; default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warmup-seconds",
            defaultValue = "4",
            description = "Unmeasured run of each such task before its first round; default: ${DEFAULT-VALUE}.")
    private double warmupSeconds;

    @Option(
            names = "--program-seconds",
            defaultValue = "120",
            description =
                    "When git, tar and rm are stopped; what they did till then is told as a rate. Default: ${DEFAULT-VALUE}.")
    private double programSeconds;

    @Option(
            names = "--files",
            defaultValue = "10000",
            description =
                    "Files that are listed, unpacked and removed, and most that are read by turns; default: ${DEFAULT-VALUE}.")
    private int files;

    @Option(
            names = "--git-files",
            defaultValue = "4650",
            description = "Files of the repository that is cloned; default: ${DEFAULT-VALUE}.")
    private int gitFiles;

    @Option(
            names = "--large",
            defaultValue = "512MiB",
            description = "Size of the large file; default: ${DEFAULT-VALUE}.")
    private ByteSize large = new ByteSize(1);

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description =
                    "Directory of a local disk for the archive and the repository that are copied; default: ${DEFAULT-VALUE}.")
    private Path scratchParent = Path.of("/");

    @Option(
            names = "--no-drop",
            description = "Leave the kernel's caches alone, which only root can empty: nothing is really cold then.")
    private boolean noDrop;

    @Option(names = "--keep", description = "Leave files behind, where the file systems are thrown away afterwards.")
    private boolean keep;

    @Option(names = "--json", description = "Print JSON in place of tables.")
    private boolean json;

    @Option(names = "--markdown", description = "Print Markdown tables in place of text.")
    private boolean markdown;

    @Option(names = "--quiet", description = "Do not tell on standard error what is being run.")
    private boolean quiet;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        final MountPlan plan;
        final List<Place> places;
        final Amounts amounts;
        try {
            plan = new MountPlan(
                    rounds, duration(seconds), duration(warmupSeconds), duration(programSeconds), !noDrop, keep);
            amounts = amounts();
            places = PlaceOptions.parse(directories, pids, marks, remounts);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        final Path scratch = Files.createTempDirectory(scratchParent, "tarn-bench-scratch-");
        try {
            final List<Scenario> scenarios = Scenarios.of(Set.copyOf(groups), workers, amounts, scratch);
            if (!noDrop && !MountRunner.canDropCaches() && hasCold(scenarios)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "only root can empty the kernel's caches: leave cold tasks out, or use --no-drop");
            }
            print(measure(plan, places, scratch, scenarios));
            return CommandLine.ExitCode.OK;
        } finally {
            remove(scratch);
        }
    }

    private static boolean hasCold(final List<Scenario> scenarios) {
        return scenarios.stream().flatMap(scenario -> scenario.tasks().stream()).anyMatch(Task::cold);
    }

    private MountResults measure(
            final MountPlan plan, final List<Place> places, final Path scratch, final List<Scenario> scenarios)
            throws IOException, InterruptedException {
        final PrintWriter err = spec.commandLine().getErr();
        return new MountRunner(plan, places, scratch, line -> {
                    if (!quiet) {
                        err.println(line);
                        err.flush();
                    }
                })
                .run(scenarios);
    }

    private void print(final MountResults results) {
        final MountReport report = new MountReport(results, !noDrop);
        final PrintWriter out = spec.commandLine().getOut();
        out.print(json ? MountJson.of(results) : markdown ? report.markdown() : report.text());
        out.flush();
    }

    private Amounts amounts() {
        final Amounts usual = Amounts.USUAL;
        return new Amounts(
                usual.smallFiles(),
                Math.min(usual.readFiles(), files),
                files,
                files,
                gitFiles,
                large.intMebibytes(),
                Math.min(usual.syncMebibytes(), large.intMebibytes()),
                usual.preparing());
    }

    private static void remove(final Path scratch) throws IOException, InterruptedException {
        new Program(scratch.getParent(), scratch.getParent(), List.of("rm", "-rf", scratch.toString()))
                .run(Amounts.USUAL.preparing());
    }

    private static Duration duration(final double seconds) {
        return Duration.ofNanos(Math.round(seconds * Duration.ofSeconds(1).toNanos()));
    }
}
