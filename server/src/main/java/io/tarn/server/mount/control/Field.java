package io.tarn.server.mount.control;

/** Names of fields that are not of a {@link MountDescription}. */
public final class Field {
    /** Of a mount, made by the holder. */
    public static final String ID = "id";

    /** Sentence for a person. */
    public static final String REASON = "reason";

    /** A {@link Trouble}. */
    public static final String TROUBLE = "trouble";

    /** By which the session is taken over; secret. */
    public static final String TOKEN = "token";

    /** What was agreed with the kernel. */
    public static final String PARAMETERS = "parameters";

    /** How a mount is doing, in a word. */
    public static final String STATE = "state";

    /** Number of the worker. */
    public static final String WORKER = "worker";

    /** Number of the holder. */
    public static final String HOLDER = "holder";

    /** How to start a worker: arguments, a line each. */
    public static final String COMMAND = "command";

    /** There when the command wants to hear of the mount's end. */
    public static final String FOREGROUND = "foreground";

    private Field() {}
}
