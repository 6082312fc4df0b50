package io.tarn.server.mount.control;

/** What a {@link Message} says. Who says it to whom stands in front; descriptors that go with it, in brackets. */
public enum Verb {
    /** command → holder → worker: find out whether this can be mounted. */
    PREPARE,
    /** worker → holder → command: it can. */
    PREPARED,
    /** command → holder → worker [the connection to the kernel]: it is mounted, serve it. Without: mount it, too. */
    SERVE,
    /** worker → holder → command: it is being served. */
    SERVING,
    /** holder → worker [the connection, then what else was kept]: serve what another worker served. */
    RESUME,
    /** worker → holder: a newer token of the mount's session. */
    TOKEN,
    /** worker → holder [descriptors]: to be kept beside the mount's connection, and given to a successor. */
    KEEP,
    /** holder → worker: what was prepared is not wanted any more. */
    DROP,
    /** worker → holder → command: the mount is gone. */
    ENDED,
    /** To the command, or worker → holder: it cannot be. */
    FAILED,
    /** command → holder: what is mounted? One {@link #MOUNT} for each, then {@link #DONE}. */
    LIST,
    /** holder → command: one of those. */
    MOUNT,
    /** command → holder: answer when what was mounted on a directory is gone. */
    AWAIT_END,
    /** command → holder: go on with another worker, made of the files that are there now. */
    UPGRADE,
    /** To the command: all is said. */
    DONE,
    /** worker → holder [a lifeline]: here I am. */
    WORKER,
    /** holder → worker: stop serving, and tell the last tokens. */
    HAND_OVER,
    /** worker → holder: nothing is served any more, a successor may begin. */
    HANDED_OVER
}
