package io.tarn.core.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CommitAcross;
import io.tarn.core.namespace.wire.HoldNodes;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.wire.ProposeAnswer;
import io.tarn.core.protocol.wire.ProposeRequest;
import io.tarn.core.session.Names;
import io.tarn.core.session.ShardMap;
import io.tarn.core.session.ShardNames;
import io.tarn.core.shard.Shard;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients' commands, which keep the session and number that the client gave them: so one that is sent again, here or to a node that came
 * after this one, is carried out once. Thread-safe; calls block.
 */
final class CommandCalls {
    private static final Logger LOG = LoggerFactory.getLogger(CommandCalls.class);

    private final ShardMap shards;
    private final ShardNames names;
    private final Rights rights;

    CommandCalls(final ShardMap shards, final ShardNames names, final Rights rights) {
        this.shards = shards;
        this.names = names;
        this.rights = rights;
    }

    ProposeAnswer propose(final ClientSession session, final ProposeRequest request) {
        final Command command = parse(request.getCommand());
        if (command.getSession() != session.id()) {
            throw new StorageException(Failure.STALE_SESSION, "the command is of another session than the call");
        }
        final Shard shard = shards.number(request.getShard()).shard();
        final byte[] reply;
        if (command.hasCommitAcross()) {
            reply = commit(session, shard, command);
        } else {
            requireRights(session, shard, command, command);
            reply = decide(session, shard, present(session, command).toByteArray());
        }
        helpOn(reply);
        return ProposeAnswer.newBuilder()
                .setReply(UnsafeByteOperations.unsafeWrap(reply))
                .build();
    }

    private static Command parse(final ByteString bytes) {
        try {
            return Command.parseFrom(bytes);
        } catch (final InvalidProtocolBufferException e) {
            throw Failures.malformed("the command does not parse");
        }
    }

    /** The client says what is to be committed between shards, and under which number; how it is done is the node's matter. */
    private byte[] commit(final ClientSession session, final Shard shard, final Command command) {
        final CommitAcross wanted = command.getCommitAcross();
        if (wanted.hasTransaction() || wanted.getBorrowedCount() > 0 || wanted.getDeadlineNanos() != 0) {
            throw new StorageException(Failure.PERMISSION_DENIED, "clients do not decide between shards themselves");
        }
        requireRights(session, shard, command, wanted.getCommand());
        return names.commitFor(
                        shard.number(),
                        present(session, wanted.getCommand()),
                        decision -> NamespaceReplies.of(decide(
                                session,
                                shard,
                                decision.setSession(command.getSession())
                                        .setSequence(command.getSequence())
                                        .setAcknowledgedBelow(command.getAcknowledgedBelow())
                                        .setPrincipal(command.getPrincipal())
                                        .build()
                                        .toByteArray())))
                .toByteArray();
    }

    private static byte[] decide(final ClientSession session, final Shard shard, final byte[] command) {
        return await(session.propose(() -> shard.propose(command)));
    }

    /** The same, of the node's own accord. */
    static byte[] decide(final Shard shard, final byte[] command) {
        return await(shard.propose(command));
    }

    private static byte[] await(final CompletableFuture<byte[]> reply) {
        try {
            return reply.get();
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new IllegalStateException("a proposal failed unexpectedly", failed.getCause());
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.TIMEOUT, "the node is being stopped", interrupted);
        }
    }

    /**
     * An inode that is not there may be one that this very command has removed, when it was sent before: then its reply is kept. Else it
     * is refused, for it might come to be between this check and the commit.
     */
    private void requireRights(
            final ClientSession session, final Shard shard, final Command numbered, final Command command) {
        if (!session.principal().root()
                && !command.getPrincipal().isEmpty()
                && !command.getPrincipal().startsWith(session.principal().tenant() + "/")) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the principal is of another tenant");
        }
        final CommandTargets targets = CommandTargets.of(command);
        targets.volumes().forEach(volume -> rights.requireVolume(session, volume));
        targets.perhapsGone().forEach(inode -> rights.mayUse(session, inode));
        boolean missing = false;
        for (final long inode : targets.inodes()) {
            missing |= !rights.mayUse(session, inode);
        }
        for (final long extent : targets.extents()) {
            final var record = rights.extent(extent);
            record.ifPresent(found -> rights.requireVolume(session, found.getVolume()));
            missing |= record.isEmpty();
        }
        if (missing
                && shard.read(store -> new NamespaceQueries(store).reply(session.id(), numbered.getSequence()))
                        .isEmpty()) {
            throw new StorageException(Failure.NOT_FOUND, "the inode is gone");
        }
        if (command.hasBase()) {
            requireSameVolume(command, targets);
        }
    }

    /**
     * The command without those inodes that need not be there and are not: they might come to be, as anybody's, before it is decided. In
     * the place of one that is to be held stands an id that no inode has, since replies go by places.
     */
    private Command present(final ClientSession session, final Command command) {
        final boolean astray =
                command.hasVia() && !rights.mayUse(session, command.getVia().getParent());
        if (!astray && !command.hasHoldNodes()) {
            return command;
        }
        final Command.Builder present = command.toBuilder();
        if (astray) {
            present.clearVia();
        }
        if (command.hasHoldNodes()) {
            final HoldNodes.Builder held = HoldNodes.newBuilder();
            command.getHoldNodes()
                    .getInodesList()
                    .forEach(inode -> held.addInodes(
                            rights.mayUse(session, inode) ? inode : Names.firstIn(Names.shardOf(inode))));
            present.setHoldNodes(held);
        }
        return present.build();
    }

    private void requireSameVolume(final Command command, final CommandTargets targets) {
        final boolean same = targets.volumes().size() == 1
                && rights.volumeOf(command.getBase().getDirectory())
                        .filter(targets.volumes().getFirst()::equals)
                        .isPresent();
        if (!same) {
            throw new StorageException(Failure.PERMISSION_DENIED, "the path begins in another volume");
        }
    }

    /** What is in the command's way is ended here if whoever began it is gone; the client tries again in a while. */
    private void helpOn(final byte[] bytes) {
        final Reply reply = NamespaceReplies.of(bytes);
        if (reply.hasVisit()) {
            names.recall(reply.getVisit());
        }
        if (reply.hasHeld()) {
            try {
                names.helpOn(reply.getHeld());
            } catch (final StorageException later) {
                LOG.debug("a commit between shards is in a client's way", later);
            }
        }
    }
}
