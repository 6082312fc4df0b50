package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.BrokenPromise;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.KeepPromises;
import io.tarn.core.namespace.wire.KeptReply;
import io.tarn.core.namespace.wire.Reply;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Carries out what a session has answered already. Each promise has its own outcome; one that names an inode which an earlier one failed to
 * make is broken with it, for what bears that id may be nobody's business.
 */
final class PromiseCommands {
    /** Promises that one command may carry. */
    static final int PROMISES_MAX = 4096;

    private final DelegationCommands delegations;

    PromiseCommands(final DelegationCommands delegations) {
        this.delegations = delegations;
    }

    /** @param attempt carries a command out wholly or not at all; a refusal is its reply */
    Reply keep(final KeepPromises command, final long session, final Function<Command, Reply> attempt) {
        if (command.getSession() != session) {
            throw new StorageException(Failure.STALE_SESSION, "the promises were made in another session");
        }
        if (command.getPromisesCount() > PROMISES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "at most " + PROMISES_MAX + " promises are kept at once");
        }
        final KeptReply.Builder kept = KeptReply.newBuilder();
        final Set<Long> unmade = new HashSet<>();
        for (int place = 0; place < command.getPromisesCount(); place++) {
            final Command promise = command.getPromises(place);
            final Reply reply = isOnNothing(promise, unmade)
                    ? Replies.of(new StorageException(Failure.NOT_FOUND, "what it is about could not be made"))
                    : attempt.apply(promise.toBuilder().setSession(session).build());
            if (!reply.getFailure().isEmpty()) {
                kept.addBroken(BrokenPromise.newBuilder()
                        .setPlace(place)
                        .setFailure(reply.getFailure())
                        .setMessage(reply.getMessage()));
                if (promise.hasMakeNode()) {
                    unmade.add(promise.getMakeNode().getReservedInode());
                }
            }
        }
        delegations.giveBack(command.getGiveBackList(), session);
        return Replies.of(kept.build());
    }

    private static boolean isOnNothing(final Command promise, final Set<Long> unmade) {
        return Promises.inodes(promise).stream().anyMatch(unmade::contains);
    }
}
