package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.namespace.wire.DeletedReply;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.LockReply;
import io.tarn.core.namespace.wire.MovedReply;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.PartReply;
import io.tarn.core.namespace.wire.Reply;

/** Wraps what a command gives back, and unwraps it on the client's side. */
final class Replies {
    static final Reply DONE = Reply.getDefaultInstance();

    private Replies() {}

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

    static Reply of(final NodeReply node) {
        return Reply.newBuilder().setNode(node).build();
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

    /** The reply of a command that succeeded, else its failure is thrown. */
    static Reply unwrap(final byte[] bytes) {
        final Reply reply = Records.parse(Reply.parser(), bytes);
        if (!reply.getFailure().isEmpty()) {
            throw new StorageException(Failure.valueOf(reply.getFailure()), reply.getMessage());
        }
        return reply;
    }
}
