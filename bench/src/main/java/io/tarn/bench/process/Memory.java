package io.tarn.bench.process;

/**
 * Resident memory of a process tree.
 *
 * @param residentBytes VmRSS now
 * @param peakBytes VmHWM, the highest since the processes began
 */
public record Memory(long residentBytes, long peakBytes) {
    private static final long KIB = 1024;

    /** Parses a {@code /proc/PID/status}; a kernel thread, which has no memory of its own, gives zeros. */
    static Memory parse(final String status) {
        return new Memory(field(status, "VmRSS:"), field(status, "VmHWM:"));
    }

    Memory plus(final Memory other) {
        return new Memory(residentBytes + other.residentBytes, peakBytes + other.peakBytes);
    }

    private static long field(final String status, final String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(number -> Long.parseLong(number) * KIB)
                .findFirst()
                .orElse(0);
    }
}
