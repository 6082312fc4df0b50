package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.namespace.wire.DelegationReply;
import io.tarn.core.namespace.wire.DeletedReply;
import io.tarn.core.namespace.wire.HeldReply;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Intent;
import io.tarn.core.namespace.wire.KeptReply;
import io.tarn.core.namespace.wire.LockReply;
import io.tarn.core.namespace.wire.MovedReply;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.OutcomeReply;
import io.tarn.core.namespace.wire.PartReply;
import io.tarn.core.namespace.wire.PreparedReply;
import io.tarn.core.namespace.wire.ProgressReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Visit;

/** Wraps what a command gives back, and unwraps it on the client's side. */
final class Replies {
    static final Reply DONE = Reply.getDefaultInstance();

    /** Failures so that whoever does not know the flags tries again. */
    static final Reply ELSEWHERE = Reply.newBuilder()
            .setFailure(Failure.UNAVAILABLE.name())
            .setMessage("the command needs rows of another shard")
            .setElsewhere(true)
            .build();

    private Replies() {}

    static Reply held(final Intent intent) {
        return Reply.newBuilder()
                .setFailure(Failure.UNAVAILABLE.name())
                .setMessage("what the command needs is held by a commit between shards")
                .setHeld(intent)
                .build();
    }

    static Reply visited(final Visit visit) {
        return Reply.newBuilder()
                .setFailure(Failure.UNAVAILABLE.name())
                .setMessage("another client holds the directory")
                .setVisit(visit)
                .build();
    }

    static Reply of(final DelegationReply delegation) {
        return Reply.newBuilder().setDelegation(delegation).build();
    }

    static Reply of(final KeptReply kept) {
        return Reply.newBuilder().setKept(kept).build();
    }

    static Reply of(final PreparedReply prepared) {
        return Reply.newBuilder().setPrepared(prepared).build();
    }

    static Reply of(final OutcomeReply outcome) {
        return Reply.newBuilder().setOutcome(outcome).build();
    }

    static Reply of(final ObjectReply object) {
        return Reply.newBuilder().setObject(object).build();
    }

    static Reply of(final DeletedReply deleted) {
        return Reply.newBuilder().setDeleted(deleted).build();
    }

    static Reply of(final AllocatedReply allocated) {
        return Reply.newBuilder().setAllocated(allocated).build();
    }

    static Reply of(final IdReply id) {
        return Reply.newBuilder().setId(id).build();
    }

    static Reply of(final PartReply part) {
        return Reply.newBuilder().setPart(part).build();
    }

    static Reply of(final MovedReply moved) {
        return Reply.newBuilder().setMoved(moved).build();
    }

    static Reply of(final HeldReply moved) {
        return Reply.newBuilder().setHeldNodes(moved).build();
    }

    static Reply of(final NodeReply node) {
        return Reply.newBuilder().setNode(node).build();
    }

    /** @param more whether the command is to be proposed again */
    static Reply progress(final boolean more) {
        return Reply.newBuilder()
                .setProgress(ProgressReply.newBuilder().setMore(more))
                .build();
    }

    static Reply of(final LockReply lock) {
        return Reply.newBuilder().setLock(lock).build();
    }

    static Reply of(final StorageException failure) {
        return Reply.newBuilder()
                .setFailure(failure.failure().name())
                .setMessage(failure.getMessage())
                .build();
    }

    /**
     * The reply of a command that succeeded, else its failure is thrown.
     *
     * @throws RowsElsewhere when the shard cannot carry it out alone
     * @throws RowsHeld when a commit between shards is in the way
     * @throws Visited when another session holds a directory by a delegation
     */
    static Reply unwrap(final Reply reply) {
        if (reply.getElsewhere()) {
            throw new RowsElsewhere();
        }
        if (reply.hasHeld()) {
            throw new RowsHeld(reply.getHeld());
        }
        if (reply.hasVisit()) {
            throw new Visited(reply.getVisit());
        }
        if (!reply.getFailure().isEmpty()) {
            throw new StorageException(Failure.valueOf(reply.getFailure()), reply.getMessage());
        }
        return reply;
    }
}
