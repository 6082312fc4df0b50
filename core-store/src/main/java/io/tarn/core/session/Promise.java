package io.tarn.core.session;

import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import java.util.List;

/**
 * A change that was answered and waits for its commit.
 *
 * @param number in the order of answers
 * @param command what is to be committed, with the moment that was shown; a written content stands in it inline, however long
 * @param volume that it is about
 * @param touched inodes whose rows it changes
 * @param sinceNanos when it was answered, of {@link System#nanoTime}
 */
record Promise(long number, Command command, long volume, List<Long> touched, long sinceNanos) {
    /** What one costs in memory beside its bytes, about. */
    private static final int OVERHEAD_BYTES = 512;
    /** Longer contents never ride in a command, whatever a client's settings are. */
    private static final int INLINE_MAX_BYTES = 64 << 10;

    private static final int SLICES_BYTES = 512;

    Promise {
        touched = List.copyOf(touched);
    }

    /** Memory that it takes. */
    long bytes() {
        return (long) OVERHEAD_BYTES + command.getSerializedSize();
    }

    /** About what it takes of a command, at most. */
    long commandBytes() {
        final int content =
                command.getWriteContent().getContent().getInlineData().size();
        return (long) command.getSerializedSize() + SLICES_BYTES - (content > INLINE_MAX_BYTES ? content : 0);
    }

    /** A file that it makes; 0 for none. */
    long madeFile() {
        return command.hasMakeNode() && command.getMakeNode().getType() == FileType.REGULAR
                ? command.getMakeNode().getReservedInode()
                : 0;
    }
}
