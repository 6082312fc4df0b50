package io.tarn.posix.fuse;

import java.io.IOException;

/** How the serving of a mount ended. */
public sealed interface SessionEnd {
    /** The mount was taken away, and nobody uses it any more. */
    record Unmounted() implements SessionEnd {}

    /** Reading stopped so that a successor goes on; the mount lives. */
    record Paused() implements SessionEnd {}

    /** The connection is of no use any more; what is left of the mount answers {@code ENOTCONN}. */
    record Failed(IOException cause) implements SessionEnd {}
}
