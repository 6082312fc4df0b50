package io.tarn.posix.fs;

import io.tarn.client.CommandTrail;
import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Locks;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.journal.RequestSlots;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all operations of one mounted file system share.
 *
 * @param inodes the tree, changed on the owner's behalf
 * @param delegations what is written behind
 * @param locks of files
 * @param volume id of the volume
 * @param owner {@code tenant/user} on whose behalf it is mounted, as whole-object protocols show it
 * @param options of the mount
 * @param numbers of inodes
 * @param patience with the storage
 * @param memory what is remembered
 * @param journal what outlives the process
 */
record MountPoint(
        Inodes inodes,
        Delegations delegations,
        Locks locks,
        long volume,
        String owner,
        MountOptions options,
        Numbers numbers,
        Patience patience,
        Memory memory,
        MountJournal journal) {
    /** The tree, for a change of a file that the change feed is to name as it was reached here. */
    Inodes inodes(final long inode) {
        return memory.way(inode)
                .map(name -> inodes.from(
                        new io.tarn.client.Caller(owner, Optional.of(new Inodes.Entry(name.parent(), name.name())))))
                .orElse(inodes);
    }

    /** Where is noted what a caller's request has brought about. */
    RequestSlots.Slot request(final Caller caller) {
        return journal.requests().of(caller.request());
    }

    /**
     * Changes something that must be done once, also when the process is killed before it has answered and the kernel hands the request out again.
     *
     * @param earlier what an earlier process has brought about for this very request, if anything; then nothing is changed
     */
    <T> T once(
            final Caller caller,
            final Doing doing,
            final Supplier<T> change,
            final Function<CommandTrail.Outcome, T> earlier) {
        final RequestSlots.Slot request = request(caller);
        return request.outcome()
                .map(earlier)
                .orElseGet(() -> patience.once(doing, () -> CommandTrail.under(request, change)));
    }

    void once(final Caller caller, final Doing doing, final Runnable change) {
        once(
                caller,
                doing,
                () -> {
                    change.run();
                    return true;
                },
                outcome -> true);
    }

    /** What was answered is durable when this returns. */
    void flush() {
        patience.once(Failures.Doing.DATA, delegations::flush);
    }

    /** Before everything that changes something. */
    void requireWritable() {
        if (options.readOnly()) {
            throw Errno.EROFS.exception();
        }
    }
}
