package io.tarn.core.extent;

/**
 * What a node knows of one of its extents.
 *
 * @param extent its identity
 * @param state see {@link State}
 * @param epoch smallest epoch it obeys; 0 when damaged
 * @param length sealed: the fixed length; open: bytes known to be durable; orphaned and damaged: size of the file
 */
public record ExtentInfo(ExtentId extent, State state, long epoch, long length) {
    /** Stages of a local extent's life. */
    public enum State {
        /** Created by this process; its writer may append. */
        OPEN,
        /** Not sealed, and nobody may append: found at start, or fenced. Waits to be sealed. */
        ORPHANED,
        /** Its length is fixed. */
        SEALED,
        /** Its state page is unreadable. Blocks can still be read, for each proves itself; nothing else is possible but deletion. */
        DAMAGED
    }
}
