package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.Overlay;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.ReplicatedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The replicated state machine of names. Each command runs over an {@link Overlay} of the entry's earlier commands; one that fails
 * takes its changes back and leaves only its reply.
 *
 * <p>Cost of a small PUT: two parses, four point reads, some eight changed records in the overlay, which go to the store as one
 * write per log entry.
 */
public final class NamespaceState implements ReplicatedState {
    private final int shard;
    private final LockListener locks;

    /** @param shard number that goes into the ids it gives out */
    public NamespaceState(final int shard) {
        this(shard, LockListener.NONE);
    }

    /**
     * A state that also tells who waits for locks.
     *
     * @param locks hears of locks that were waited for; of no influence on the state
     */
    public NamespaceState(final int shard, final LockListener locks) {
        this.shard = shard;
        this.locks = locks;
    }

    @Override
    public List<Family> families() {
        return Families.ALL;
    }

    @Override
    public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
        final Overlay overlay = new Overlay(store);
        final Transaction transaction = new Transaction(overlay, shard, entry.index(), entry.timeNanos());
        final Handlers handlers = new Handlers(transaction);
        final List<byte[]> replies = new ArrayList<>(entry.commands().size());
        for (final byte[] bytes : entry.commands()) {
            replies.add(run(handlers, transaction, Records.parse(Command.parser(), bytes)));
        }
        overlay.drainTo(changes);
        transaction.grants().forEach(grant -> locks.granted(grant.session(), grant.ticket()));
        return replies;
    }

    private static byte[] run(final Handlers handlers, final Transaction transaction, final Command command) {
        if (command.hasOpenSession()) {
            return handlers.sessions.open(command).toByteArray();
        }
        try {
            final Optional<byte[]> earlier = handlers.sessions.earlier(command);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        } catch (final StorageException refused) {
            return Replies.of(refused).toByteArray();
        }
        byte[] reply;
        final Overlay overlay = transaction.store;
        final int mark = overlay.mark();
        final int granted = transaction.grants().size();
        try {
            reply = handlers.handle(command).toByteArray();
        } catch (final StorageException failure) {
            overlay.rollback(mark);
            transaction.grants().subList(granted, transaction.grants().size()).clear();
            reply = Replies.of(failure).toByteArray();
        }
        handlers.sessions.keep(command, reply);
        return reply;
    }

    /** The commands of one entry share one transaction. */
    private static final class Handlers {
        private final SessionCommands sessions;
        private final VolumeCommands volumes;
        private final ObjectCommands objects;
        private final UploadCommands uploads;
        private final ExtentCommands extents;
        private final BlockMoves moves;
        private final NodeCommands nodes;
        private final RenameCommands renames;
        private final FileCommands files;
        private final LockCommands locks;
        private final LeaseCommands leases;

        Handlers(final Transaction transaction) {
            final Accounts accounts = new Accounts(transaction);
            final Directories directories = new Directories(transaction, accounts);
            final Contents contents = new Contents(transaction);
            final Feed feed = new Feed(transaction);
            this.extents = new ExtentCommands(transaction, contents);
            this.moves = new BlockMoves(transaction, contents);
            this.volumes = new VolumeCommands(transaction, directories);
            this.objects = new ObjectCommands(transaction, directories, contents, accounts, feed);
            this.uploads = new UploadCommands(transaction, contents, accounts, objects);
            this.locks = new LockCommands(transaction);
            this.leases = new LeaseCommands(transaction);
            this.sessions = new SessionCommands(transaction, extents, objects, locks, leases);
            this.nodes = new NodeCommands(transaction, directories, accounts, objects, feed);
            this.renames = new RenameCommands(transaction, directories, nodes, objects, feed);
            this.files = new FileCommands(transaction, contents, accounts, objects, leases, feed);
        }

        Reply handle(final Command command) {
            final long session = command.getSession();
            return switch (command.getBodyCase()) {
                case END_SESSIONS -> sessions.end(command.getEndSessions());
                case CREATE_ROOT -> volumes.createRoot(command.getCreateRoot());
                case SET_VOLUME_POLICY -> volumes.setPolicy(command.getSetVolumePolicy());
                case DROP_VOLUME -> volumes.drop(command.getDropVolume());
                case SET_TENANT_QUOTA -> volumes.setTenantQuota(command.getSetTenantQuota());
                case TRIM_FEED -> volumes.trimFeed(command.getTrimFeed());
                case PUT_OBJECT -> objects.put(command.getPutObject(), session);
                case DELETE_OBJECT -> objects.delete(command.getDeleteObject());
                case SET_OBJECT_ATTRIBUTES -> objects.setAttributes(command.getSetObjectAttributes());
                case CREATE_UPLOAD -> uploads.create(command.getCreateUpload());
                case PUT_PART -> uploads.putPart(command.getPutPart(), session);
                case COMPLETE_UPLOAD -> uploads.complete(command.getCompleteUpload());
                case ABORT_UPLOAD -> uploads.abort(command.getAbortUpload());
                case FORGET_UPLOADS -> uploads.forget(command.getForgetUploads());
                case ALLOCATE_EXTENT -> extents.allocate(command.getAllocateExtent(), session);
                case SEAL_EXTENT -> extents.seal(command.getSealExtent());
                case RELEASE_EXTENT -> extents.release(command.getReleaseExtent());
                case CLEANED_EXTENT -> extents.cleaned(command.getCleanedExtent());
                case DROP_EXTENT -> extents.drop(command.getDropExtent());
                case FORGET_EXTENT -> extents.forget(command.getForgetExtent());
                case MOVE_BLOCKS -> moves.move(command.getMoveBlocks(), session);
                case MAKE_NODE -> make(command.getMakeNode(), session);
                case LINK_NODE -> nodes.link(command.getLinkNode());
                case UNLINK_NODE -> nodes.unlink(command.getUnlinkNode());
                case REMOVE_DIRECTORY -> nodes.removeDirectory(command.getRemoveDirectory());
                case RENAME_NODE -> renames.rename(command.getRenameNode());
                case SET_XATTR -> nodes.setXattr(command.getSetXattr());
                case SET_ATTRIBUTES -> files.setAttributes(command.getSetAttributes());
                case WRITE_CONTENT -> files.write(command.getWriteContent(), session);
                case CONCATENATE -> files.concatenate(command.getConcatenate());
                case OPEN_NODE -> files.open(command.getOpenNode(), session);
                case CLOSE_NODE -> files.close(command.getCloseNode(), session);
                case ACQUIRE_LOCK -> locks.acquire(command.getAcquireLock(), session);
                case RELEASE_LOCK -> locks.release(command.getReleaseLock(), session);
                case CANCEL_LOCK -> locks.cancel(command.getCancelLock(), session);
                case ACQUIRE_LEASE -> leases.acquire(command.getAcquireLease(), session);
                case RENEW_LEASES -> leases.renew(command.getRenewLeases(), session);
                case RELEASE_LEASE -> leases.release(command.getReleaseLease());
                case OPEN_SESSION, BODY_NOT_SET ->
                    throw new StorageException(Failure.UNSUPPORTED, "not a command this shard knows");
            };
        }

        private Reply make(final MakeNode command, final long session) {
            final Reply made = nodes.make(command);
            return command.getOpen()
                    ? files.open(
                            OpenNode.newBuilder()
                                    .setInode(made.getNode().getInode())
                                    .build(),
                            session)
                    : made;
        }
    }
}
