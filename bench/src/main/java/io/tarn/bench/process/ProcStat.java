package io.tarn.bench.process;

/**
 * The fields of {@code /proc/PID/stat} that the benchmark needs (proc_pid_stat(5)).
 *
 * @param parent process id of the parent
 * @param cpuTicks user and system time of the process and of its children that were waited for, in clock ticks
 */
record ProcStat(int parent, long cpuTicks) {
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int WAITED_CHILDREN_SYSTEM_TIME = 14;

    /** Parses the file's text. The name in parentheses may itself hold spaces and parentheses. */
    static ProcStat parse(final String text) {
        final String[] fields =
                text.substring(text.lastIndexOf(')') + 1).strip().split(" ", WAITED_CHILDREN_SYSTEM_TIME + 2);
        if (fields.length <= WAITED_CHILDREN_SYSTEM_TIME) {
            throw new IllegalArgumentException("not a /proc/PID/stat: " + text);
        }
        long ticks = 0;
        for (int i = USER_TIME; i <= WAITED_CHILDREN_SYSTEM_TIME; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return new ProcStat(Integer.parseInt(fields[PARENT]), ticks);
    }
}
