package io.tarn.client;

import java.util.function.LongConsumer;

/**
 * Names written behind: in directories that this client has for itself, changes of {@link Inodes} and of files opened there are answered
 * before they are committed, and committed in order, many at once. Other clients see them as if they had been committed at once: who
 * looks into such a directory waits for what this client has promised there. A change that then cannot be committed (for want of quota or space)
 * is told like an error in writing: to the file's handles, or by the next {@link #flush}. What was promised and not flushed is lost with this
 * process.
 *
 * <p>Thread-safe.
 */
public interface Delegations {
    /**
     * From now on this client may have directories of a volume for itself, where it finds that it is alone in them.
     *
     * @param lost told of directories in which something that was answered did not come about; called on a thread of the client
     */
    void use(long volume, LongConsumer lost);

    /** What was answered so far is committed when this returns. */
    void flush();

    /** Gives everything back that this client has for itself in a volume, and has nothing more there. */
    void leave(long volume);
}
