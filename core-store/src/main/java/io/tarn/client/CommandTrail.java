package io.tarn.client;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a client notes under which number it sends a change, so that a process that comes after it can find out whether that was carried out:
 * changes that cannot be repeated (a name made, moved or removed, bytes appended, an extended attribute) of whoever calls under the trail.
 *
 * <p>Notes are made before what they say can have happened: {@link #sending} before a command leaves, {@link #done} before the storage may
 * forget its reply. On the calling thread, in order.
 */
public interface CommandTrail {
    /** The trail of the calls below. */
    ScopedValue<CommandTrail> CURRENT = ScopedValue.newInstance();

    /** A command is about to be sent; those before it were not carried out. */
    void sending(int shard, long sequence);

    /** The last one sent was carried out, well. */
    void done(Outcome outcome);

    /** Calls under a trail. */
    static <T> T under(final CommandTrail trail, final Supplier<T> call) {
        return ScopedValue.where(CURRENT, trail).call(call::get);
    }

    /**
     * What came of a command.
     *
     * @param inode that was made, linked or changed, where the change is about one
     * @param offset where appended bytes begin
     */
    record Outcome(long inode, long offset) {}

    /** Finds out what came of commands that an earlier process of the same session has sent. */
    @FunctionalInterface
    interface Outcomes {
        /** Empty when the command was not carried out, or failed; it never will be then. To be asked before the session's next command. */
        Optional<Outcome> of(int shard, long sequence);
    }
}
