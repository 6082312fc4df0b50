package io.tarn.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one run of one case measured on one endpoint.
 *
 * @param operations operations done, all verified
 * @param bytes object bytes that they moved
 * @param elapsedSeconds wall time from the common start to the last answer
 * @param latencies nanoseconds of each operation; not to be changed
 * @param serverCpuSeconds user and system time of the server's process tree
 * @param clientCpuSeconds user and system time of this JVM
 * @param bystanderCpuSeconds what the other, idle servers used meanwhile
 */
public record RunResult(
        long operations,
        long bytes,
        double elapsedSeconds,
        Histogram latencies,
        double serverCpuSeconds,
        double clientCpuSeconds,
        double bystanderCpuSeconds) {}
