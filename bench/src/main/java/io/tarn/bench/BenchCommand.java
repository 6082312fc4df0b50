package io.tarn.bench;

import io.tarn.bench.load.BenchPlan;
import io.tarn.bench.load.BenchRunner;
import io.tarn.bench.load.Endpoint;
import io.tarn.bench.load.Measurements;
import io.tarn.bench.load.Operation;
import io.tarn.bench.load.Target;
import io.tarn.bench.report.JsonReport;
import io.tarn.bench.report.Report;
import io.tarn.bench.s3.Credentials;
import io.tarn.bench.s3.Payload;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        version = "tarn-bench 0.1.0",
        sortOptions = false,
        usageHelpWidth = 110,
        description =
                "Measures S3 servers of this machine: operations per second, latency, and above all the CPU time that the "
                        + "server spends per 1,000 operations, which stays steady where speed does not. Every answer is verified. With "
                        + "several endpoints they take turns, run by run, and ratios of the first to the others are printed.",
        footer = {
            "",
            "Example: bench/run --endpoint tarn=http://127.0.0.1:9000 --operations PUT,GET --sizes 4KiB",
            "Exit codes: 0 measured, 1 a server failed or answered wrongly, 2 wrong usage."
        })
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "[NAME=]URL",
            description = "http://host:port of a server, on a loopback address; may be repeated.")
    private List<String> endpoints = List.of();

    @Option(
            names = "--pid",
            paramLabel = "NAME=PID",
            description = "The server's process, whose tree is measured; found by the port when not given.")
    private Map<String, Integer> pids = new LinkedHashMap<>();

    @Option(
            names = "--access-key",
            defaultValue = "${env:TARN_ROOT_ACCESS_KEY:-}",
            description = "Access key, for all endpoints; default: $TARN_ROOT_ACCESS_KEY.")
    private String accessKey = "";

    @Option(
            names = "--secret-key",
            defaultValue = "${env:TARN_ROOT_SECRET_KEY:-}",
            description = "Secret key, for all endpoints; default: $TARN_ROOT_SECRET_KEY.")
    private String secretKey = "";

    @Option(
            names = "--region",
            defaultValue = "us-east-1",
            description = "Region in signatures; default: ${DEFAULT-VALUE}.")
    private String region = "us-east-1";

    @Option(
            names = "--operations",
            split = ",",
            defaultValue = "PUT,GET,HEAD,MIXED,LIST,DELETE",
            description = "What to measure, of ${COMPLETION-CANDIDATES}; default: all.")
    private List<Operation> operations = List.of();

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "4KiB,64KiB,1MiB,64MiB",
            description = "Object sizes; default: ${DEFAULT-VALUE}.")
    private List<ByteSize> sizes = List.of();

    @Option(
            names = "--concurrency",
            split = ",",
            defaultValue = "1,32",
            description = "Connections, one request outstanding on each; default: ${DEFAULT-VALUE}.")
    private List<Integer> concurrency = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Measured runs of each case; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "4",
            description =
                    "Longest run of a round; DELETE ends earlier when all that PUT wrote is gone; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warmup-seconds",
            defaultValue = "10",
            description = "Unmeasured run of each case before its first round; default: ${DEFAULT-VALUE}.")
    private int warmupSeconds;

    @Option(
            names = "--max-run-bytes",
            defaultValue = "2GiB",
            description = "Most object bytes that one run may write; default: ${DEFAULT-VALUE}.")
    private ByteSize maxRunBytes = new ByteSize(1);

    @Option(
            names = "--list-keys",
            defaultValue = "5000",
            description = "Keys in the bucket that LIST pages through; default: ${DEFAULT-VALUE}.")
    private int listKeys;

    @Option(
            names = "--many-keys",
            defaultValue = "0",
            description =
                    "Adds a comparison of a bucket of 1,000 keys with one of this many, such as 1000000; default: none.")
    private int manyKeys;

    @Option(
            names = "--populate-time",
            defaultValue = "7200",
            description = "Seconds in which a bucket must be filled or emptied; default: ${DEFAULT-VALUE}.")
    private int populateSeconds;

    @Option(
            names = "--keep",
            description = "Leave buckets and objects behind, where the server is thrown away afterwards.")
    private boolean keep;

    @Option(names = "--json", description = "Print JSON in place of a table.")
    private boolean json;

    @Option(names = "--markdown", description = "Print Markdown tables in place of text.")
    private boolean markdown;

    @Option(names = "--quiet", description = "Do not tell on standard error what is being run.")
    private boolean quiet;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        final BenchPlan plan;
        final List<Endpoint> parsed;
        final Credentials credentials;
        try {
            plan = plan();
            parsed = endpoints.stream().map(Endpoint::parse).toList();
            credentials = new Credentials(accessKey, secretKey, region);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        final List<String> names = parsed.stream().map(Endpoint::name).toList();
        if (names.stream().distinct().count() < names.size() || !names.containsAll(pids.keySet())) {
            throw new ParameterException(
                    spec.commandLine(), "endpoints need different names, and --pid must use one of them: " + names);
        }
        final Measurements measurements = measure(plan, parsed, credentials);
        final Report report = new Report(measurements);
        final PrintWriter out = spec.commandLine().getOut();
        out.print(json ? JsonReport.of(measurements) : markdown ? report.markdown() : report.text());
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Measurements measure(final BenchPlan plan, final List<Endpoint> parsed, final Credentials credentials)
            throws IOException, InterruptedException {
        final Payload payload = new Payload(plan.maxSizeBytes());
        final List<Target> targets = new ArrayList<>();
        for (final Endpoint endpoint : parsed) {
            targets.add(Target.of(endpoint, Optional.ofNullable(pids.get(endpoint.name())), credentials, payload));
        }
        final PrintWriter err = spec.commandLine().getErr();
        return new BenchRunner(plan, targets, line -> {
                    if (!quiet) {
                        err.println(line);
                        err.flush();
                    }
                })
                .run();
    }

    private BenchPlan plan() {
        return new BenchPlan(
                Set.copyOf(operations),
                sizes.stream().map(ByteSize::intBytes).toList(),
                concurrency,
                rounds,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warmupSeconds),
                maxRunBytes.bytes(),
                listKeys,
                manyKeys,
                Duration.ofSeconds(populateSeconds),
                keep);
    }
}
