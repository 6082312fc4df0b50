package io.tarn.core.session;

import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Reply;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Queries and commands on names, whichever shards the names lie in and whichever process those are in. A client's view: commands are
 * numbered in its session. What a commit between shards holds is waited for. Thread-safe; calls block.
 */
public interface Names {
    /** Reads linearizably within each shard. */
    <T> T query(long volume, Function<ObjectReads, T> query);

    /** The same about an inode, by preference in its own shard. */
    <T> T queryAt(long inode, Function<ObjectReads, T> query);

    /** What is found of the volume from now on, in whichever shard, is not given back before the pin is closed. */
    ReadPins.Pin pin(long volume);

    /** The same for what is found in one shard: that of an inode. */
    ReadPins.Pin pinAt(long inode);

    /**
     * The answer to a query, and what keeps the bytes that it names.
     *
     * @param pin to be closed by whoever asked
     */
    record Pinned<T>(T answer, ReadPins.Pin pin) {
        private static <T> Pinned<T> under(final ReadPins.Pin pin, final Supplier<T> question) {
            boolean kept = false;
            try {
                final Pinned<T> result = new Pinned<>(question.get(), pin);
                kept = true;
                return result;
            } finally {
                if (!kept) {
                    pin.close();
                }
            }
        }
    }

    /** Asks; what the answer refers to is not given back before the pin is closed. */
    default <T> Pinned<T> pinned(final long volume, final Function<ObjectReads, T> query) {
        return Pinned.under(pin(volume), () -> query(volume, query));
    }

    /** The same about an inode. */
    default <T> Pinned<T> pinnedAt(final long inode, final Function<ObjectReads, T> query) {
        return Pinned.under(pinAt(inode), () -> queryAt(inode, query));
    }

    /** Carries out a command on the volume's names; a failure is thrown. */
    Reply call(long volume, Command.Builder command);

    /** Carries out a command on an inode or extent, by preference in its own shard. */
    Reply callAt(long id, Command.Builder command);

    /** The client's session in a volume's home shard. It changes when the session was lost, with all that it held. */
    long session(long volume);

    /** The client's session in the shard of an inode or extent. */
    long sessionAt(long id);

    /** Numbers of all shards. */
    List<Integer> shards();

    /** The shard that an inode or extent lives in. */
    static int shardOf(final long id) {
        return (int) (id >>> (Long.SIZE - Short.SIZE));
    }

    /** Stands for a shard where an id is asked for: smaller than all of that shard's. */
    static long firstIn(final int shard) {
        return (long) shard << (Long.SIZE - Short.SIZE);
    }
}
