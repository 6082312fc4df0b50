package io.tarn.bench.process;

/**
 * The fields of {@code /proc/PID/stat} that the benchmark needs (proc_pid_stat(5)). Times include those of children that were waited for.
 *
 * @param parent process id of the parent
 * @param userTicks time in programs, in clock ticks
 * @param systemTicks time in the kernel, in clock ticks
 */
record ProcStat(int parent, long userTicks, long systemTicks) {
    /** USER_HZ of every Linux that Java runs on: the unit of times in /proc, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int CHILDREN_USER_TIME = 13;
    private static final int CHILDREN_SYSTEM_TIME = 14;

    /** Parses the file's text. The name in parentheses may itself hold spaces and parentheses. */
    static ProcStat parse(final String text) {
        final String[] fields =
                text.substring(text.lastIndexOf(')') + 1).strip().split(" ", CHILDREN_SYSTEM_TIME + 2);
        if (fields.length <= CHILDREN_SYSTEM_TIME) {
            throw new IllegalArgumentException("not a /proc/PID/stat: " + text);
        }
        return new ProcStat(
                Integer.parseInt(fields[PARENT]),
                Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[CHILDREN_USER_TIME]),
                Long.parseLong(fields[SYSTEM_TIME]) + Long.parseLong(fields[CHILDREN_SYSTEM_TIME]));
    }

    CpuTime cpuTime() {
        return new CpuTime(userTicks / TICKS_PER_SECOND, systemTicks / TICKS_PER_SECOND);
    }
}
