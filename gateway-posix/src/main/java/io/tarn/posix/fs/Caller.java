package io.tarn.posix.fs;

/** The thread on whose behalf something is done. */
public interface Caller {
    int uid();

    int gid();

    /** Id of the thread that called, as the mount's process sees it; 0 for the kernel's own account. */
    int pid();

    /** The umask that the kernel has not applied itself; 0 when it has. */
    int umask();

    /**
     * The number of what is asked for, the same when the transport hands it to a later process because it was not answered; 0 where there is no
     * such thing.
     */
    default long request() {
        return 0;
    }

    /** Whether a group is the caller's own or one of its supplementary groups; looked up only when asked. */
    boolean isIn(int group);
}
