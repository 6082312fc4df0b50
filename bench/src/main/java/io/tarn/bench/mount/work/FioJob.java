package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One job of fio on one file, and its terse output of version 3 (fio(1), "Terse output"). Calls are pread and pwrite, one at a time. fio is told
 * its time; it is stopped when it takes a minute more, as its last sync may take that long.
 */
final class FioJob {
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final String VERSION = "3";
    private static final int FIELDS_LEAST = 87;
    private static final int ERROR = 4;
    private static final int OF_READS = 5;
    private static final int OF_WRITES = 46;
    private static final int RUNTIME_MILLIS = 3;
    private static final int MEDIAN = 18;
    private static final int PERCENTILE_99 = 24;
    private static final double MILLIS = 1e3;

    private final Path scratch;
    private final List<String> options;
    private final int blockKibibytes;
    private final boolean writes;
    private final boolean latencies;

    /**
     * @param options what fio is to do, beside its block size and runtime
     * @param blockKibibytes size of one operation
     * @param writes whether its writes count, or its reads
     * @param latencies whether its latencies say anything: a sync after each write is not in them
     */
    FioJob(
            final Path scratch,
            final List<String> options,
            final int blockKibibytes,
            final boolean writes,
            final boolean latencies) {
        this.scratch = scratch;
        this.options = List.copyOf(options);
        this.blockKibibytes = blockKibibytes;
        this.writes = writes;
        this.latencies = latencies;
    }

    /** Runs it. */
    Tally run(final Path file, final int mebibytes, final Duration limit) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
                "fio",
                "--name=tarn",
                "--filename=" + file,
                "--size=" + mebibytes + "m",
                "--bs=" + blockKibibytes + "k",
                "--ioengine=psync",
                "--fallocate=none",
                "--runtime=" + Math.max(1, limit.toSeconds()),
                "--output-format=terse",
                "--terse-version=" + VERSION));
        command.addAll(options);
        final Program.Run run = new Program(scratch, scratch, command).run(limit.plus(GRACE));
        if (!run.finished()) {
            throw new IOException("fio did not end a minute after its time");
        }
        return parse(run.output());
    }

    /** The line that fio prints for the job; whatever else it says is passed over. */
    Tally parse(final String output) throws IOException {
        final String line = output.lines()
                .filter(candidate -> candidate.startsWith(VERSION + ";"))
                .findFirst()
                .orElseThrow(() -> new IOException("fio printed no result: " + output.strip()));
        final String[] fields = line.split(";", -1);
        if (fields.length < FIELDS_LEAST || !fields[ERROR].equals("0")) {
            throw new IOException("fio failed: " + line);
        }
        final int first = writes ? OF_WRITES : OF_READS;
        final double kibibytes = Double.parseDouble(fields[first]);
        final double seconds = Double.parseDouble(fields[first + RUNTIME_MILLIS]) / MILLIS;
        if (kibibytes == 0 || seconds == 0) {
            throw new IOException("fio did nothing in its time");
        }
        final Optional<Tally.Latency> latency = latencies
                ? Optional.of(new Tally.Latency(
                        percentile(fields[first + MEDIAN]), percentile(fields[first + PERCENTILE_99])))
                : Optional.empty();
        return new Tally(Math.round(kibibytes / blockKibibytes), seconds, latency, false);
    }

    /** {@code 50.000000%=123}, in microseconds. */
    private static double percentile(final String field) {
        return Double.parseDouble(field.substring(field.indexOf('=') + 1)) / MILLIS;
    }
}
