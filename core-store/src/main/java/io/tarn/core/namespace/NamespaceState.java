package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.ReplicatedState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated state machine of names. Each command runs over {@link ShardRows}, under which lie the entry's earlier commands; one that
 * fails takes its changes back and leaves only its reply.
 *
 * <p>Cost of a small PUT: two parses, four point reads, some eight changed records in the overlay, which go to the store as one
 * write per log entry.
 */
public final class NamespaceState implements ReplicatedState {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceState.class);

    private final int shard;
    private final Consumer<Collection<Long>> listener;
    private final LockListener locks;
    /** Volumes whose feed the last entry changed. */
    private Collection<Long> news = List.of();
    /** Locks that the last entry granted to who waited. */
    private List<Transaction.Grant> grants = List.of();

    /** @param shard number that goes into the ids it gives out */
    public NamespaceState(final int shard) {
        this(shard, volumes -> {}, LockListener.NONE);
    }

    /**
     * A state that also tells who waits; what it tells has no influence on it.
     *
     * @param listener told of volumes with new events once they can be read
     * @param locks hears of locks that were waited for
     */
    public NamespaceState(final int shard, final Consumer<Collection<Long>> listener, final LockListener locks) {
        this.shard = shard;
        this.listener = listener;
        this.locks = locks;
    }

    @Override
    public List<Family> families() {
        return Families.ALL;
    }

    @Override
    public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
        final ShardRows rows = new ShardRows(store, shard);
        final Transaction transaction = new Transaction(rows, shard, entry.index(), entry.timeNanos());
        final Handlers handlers = new Handlers(transaction);
        final List<byte[]> replies = new ArrayList<>(entry.commands().size());
        for (final byte[] bytes : entry.commands()) {
            final Command command = Records.parse(Command.parser(), bytes);
            transaction.begin(command);
            replies.add(run(handlers, transaction, command));
        }
        transaction.close();
        rows.drainTo(changes);
        news = transaction.news();
        grants = List.copyOf(transaction.grants());
        return replies;
    }

    @Override
    public void applied() {
        listener.accept(news);
        grants.forEach(grant -> locks.granted(grant.session(), grant.ticket()));
    }

    /**
     * Tries a command over the rows of all shards, to learn what it would have to borrow if {@code coordinator} carried it out.
     *
     * @param placed ids that stand for those that participants will set aside
     */
    public static List<BorrowedRecord> forecast(
            final Command command,
            final KeyValueReader all,
            final int coordinator,
            final long timeNanos,
            final List<Long> placed) {
        final Footprint footprint = new Footprint(all, coordinator);
        final ShardRows rows = ShardRows.forecast(footprint, coordinator);
        try {
            new Handlers(new Transaction(rows, coordinator, 1, timeNanos)).handle(command);
        } catch (final RowsElsewhere | RowsHeld several) {
            throw several;
        } catch (final StorageException failure) {
            // What it read before it failed has to be lent all the same, so that it fails for certain.
            LOG.debug("forecast of a command that fails", failure);
        }
        footprint.changed(rows.unguarded().changesSince(0));
        return footprint.borrowings(placed);
    }

    private static byte[] run(final Handlers handlers, final Transaction transaction, final Command command) {
        if (command.hasOpenSession()) {
            return handlers.open(command);
        }
        try {
            final Optional<byte[]> earlier = handlers.sessions.earlier(command);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        } catch (final StorageException refused) {
            return Replies.of(refused).toByteArray();
        }
        if (passesDelegations(command)) {
            transaction.store.watchForNobody();
        } else {
            transaction.store.watchFor(command.getSession());
        }
        final byte[] reply = attempt(handlers, transaction, command).toByteArray();
        handlers.sessions.keep(command, reply);
        return reply;
    }

    /** What is a matter of the storage itself, or of a file that is open already, changes nothing that a holder or his visitors see. */
    private static boolean passesDelegations(final Command command) {
        return switch (command.getBodyCase()) {
            case END_SESSIONS,
                    SET_TENANT_QUOTA,
                    TRIM_FEED,
                    FORGET_UPLOADS,
                    ALLOCATE_EXTENT,
                    SEAL_EXTENT,
                    RELEASE_EXTENT,
                    MOVE_BLOCKS,
                    CLEANED_EXTENT,
                    DROP_EXTENT,
                    FORGET_EXTENT,
                    REAP_CONTENTS,
                    RECLAIM_ORPHANS,
                    CLOSE_NODE,
                    HOLD_NODES,
                    ACQUIRE_DELEGATION,
                    RESERVE_INODES -> true;
            default -> false;
        };
    }

    private static Reply attempt(final Handlers handlers, final Transaction transaction, final Command command) {
        final int mark = transaction.store.mark();
        final int granted = transaction.grants().size();
        Reply refusal;
        try {
            return handlers.handle(command);
        } catch (final RowsElsewhere elsewhere) {
            refusal = Replies.ELSEWHERE;
        } catch (final RowsHeld held) {
            refusal = Replies.held(held.intent());
        } catch (final Visited visited) {
            refusal = Replies.visited(visited.visit());
        } catch (final StorageException failure) {
            refusal = Replies.of(failure);
        }
        transaction.store.rollback(mark);
        transaction.grants().subList(granted, transaction.grants().size()).clear();
        return refusal;
    }

    /** The commands of one entry share one transaction. */
    private static final class Handlers {
        private final SessionCommands sessions;
        private final VolumeCommands volumes;
        private final FeedCommands feeds;
        private final ObjectCommands objects;
        private final AttributeCommands attributes;
        private final UploadCommands uploads;
        private final ExtentCommands extents;
        private final BlockMoves moves;
        private final Reaping reaping;
        private final NodeCommands nodes;
        private final RenameCommands renames;
        private final FileCommands files;
        private final OpenCommands opens;
        private final LockCommands locks;
        private final LeaseCommands leases;
        private final OrphanCommands orphans;
        private final TwoPhaseCommands twoPhase;
        private final DelegationCommands delegations;
        private final PromiseCommands promises;
        private final Transaction transaction;

        Handlers(final Transaction transaction) {
            final Accounts accounts = new Accounts(transaction);
            final Feed feed = new Feed(transaction);
            final Directories directories = new Directories(transaction, accounts, feed);
            final Contents contents = new Contents(transaction);
            this.feeds = new FeedCommands(transaction);
            this.extents = new ExtentCommands(transaction, contents);
            this.moves = new BlockMoves(transaction, contents);
            this.reaping = new Reaping(transaction, contents);
            this.delegations = new DelegationCommands(transaction, feed);
            this.promises = new PromiseCommands(delegations);
            this.volumes = new VolumeCommands(transaction, directories, feeds, delegations);
            this.objects = new ObjectCommands(transaction, directories, contents, accounts, feed);
            this.attributes = new AttributeCommands(transaction, feed);
            this.uploads = new UploadCommands(transaction, contents, accounts, objects);
            this.locks = new LockCommands(transaction);
            this.leases = new LeaseCommands(transaction);
            this.opens = new OpenCommands(transaction, objects);
            this.sessions = new SessionCommands(transaction, extents, opens, locks, leases, delegations);
            this.nodes = new NodeCommands(transaction, directories, accounts, objects, feed);
            this.renames = new RenameCommands(transaction, directories, nodes, objects, feed);
            this.files = new FileCommands(transaction, contents, accounts, objects, opens, leases, feed);
            this.orphans = new OrphanCommands(transaction, objects);
            this.twoPhase = new TwoPhaseCommands(transaction);
            this.transaction = transaction;
        }

        private byte[] open(final Command command) {
            try {
                return sessions.open(command).toByteArray();
            } catch (final StorageException refused) {
                return Replies.of(refused).toByteArray();
            }
        }

        Reply handle(final Command command) {
            final long session = command.getSession();
            transaction.startAt(command.hasBase() ? Optional.of(command.getBase()) : Optional.empty());
            return switch (command.getBodyCase()) {
                case END_SESSIONS -> sessions.end(command.getEndSessions());
                case CREATE_ROOT -> volumes.createRoot(command.getCreateRoot());
                case SET_VOLUME_POLICY -> volumes.setPolicy(command.getSetVolumePolicy());
                case DROP_VOLUME -> volumes.drop(command.getDropVolume());
                case SET_TENANT_QUOTA -> volumes.setTenantQuota(command.getSetTenantQuota());
                case TRIM_FEED -> feeds.trim(command.getTrimFeed());
                case PUT_OBJECT -> objects.put(command.getPutObject(), session);
                case DELETE_OBJECT -> objects.delete(command.getDeleteObject());
                case SET_OBJECT_ATTRIBUTES -> attributes.set(command.getSetObjectAttributes());
                case CREATE_UPLOAD -> uploads.create(command.getCreateUpload());
                case PUT_PART -> uploads.putPart(command.getPutPart(), session);
                case COMPLETE_UPLOAD -> uploads.complete(command.getCompleteUpload());
                case ABORT_UPLOAD -> uploads.abort(command.getAbortUpload());
                case FORGET_UPLOADS -> uploads.forget(command.getForgetUploads());
                case ALLOCATE_EXTENT -> extents.allocate(command.getAllocateExtent(), session);
                case SEAL_EXTENT -> extents.seal(command.getSealExtent(), session);
                case RELEASE_EXTENT -> extents.release(command.getReleaseExtent(), session);
                case CLEANED_EXTENT -> extents.cleaned(command.getCleanedExtent());
                case DROP_EXTENT -> extents.drop(command.getDropExtent());
                case FORGET_EXTENT -> extents.forget(command.getForgetExtent());
                case MOVE_BLOCKS -> moves.move(command.getMoveBlocks(), session);
                case REAP_CONTENTS -> reaping.reap(command.getReapContents());
                case MAKE_NODE -> make(command.getMakeNode(), session);
                case LINK_NODE -> nodes.link(command.getLinkNode());
                case UNLINK_NODE -> nodes.unlink(command.getUnlinkNode());
                case REMOVE_DIRECTORY -> nodes.removeDirectory(command.getRemoveDirectory());
                case RENAME_NODE -> renames.rename(command.getRenameNode());
                case SET_XATTR -> nodes.setXattr(command.getSetXattr());
                case SET_ATTRIBUTES -> files.setAttributes(command.getSetAttributes());
                case WRITE_CONTENT -> files.write(command.getWriteContent(), session);
                case CONCATENATE -> files.concatenate(command.getConcatenate());
                case OPEN_NODE -> opens.open(command.getOpenNode(), session);
                case CLOSE_NODE -> opens.close(command.getCloseNode(), session);
                case HOLD_NODES -> opens.hold(command.getHoldNodes(), session);
                case ACQUIRE_LOCK -> locks.acquire(command.getAcquireLock(), session);
                case RELEASE_LOCK -> locks.release(command.getReleaseLock(), session);
                case CANCEL_LOCK -> locks.cancel(command.getCancelLock(), session);
                case ACQUIRE_LEASE -> leases.acquire(command.getAcquireLease(), session);
                case RENEW_LEASES -> leases.renew(command.getRenewLeases(), session);
                case RELEASE_LEASE -> leases.release(command.getReleaseLease());
                case ATTACH_VOLUME -> volumes.attach(command.getAttachVolume());
                case RECLAIM_ORPHANS -> orphans.reclaim();
                case PREPARE_ROWS -> twoPhase.prepare(command.getPrepareRows());
                case COMMIT_ACROSS -> twoPhase.commit(command.getCommitAcross(), session, this::handle);
                case FINISH_ROWS -> twoPhase.finish(command.getFinishRows());
                case RELEASE_ROWS -> twoPhase.release(command.getReleaseRows().getTransaction());
                case RESOLVE_OUTCOME -> twoPhase.resolve(command.getResolveOutcome());
                case FORGET_OUTCOME ->
                    twoPhase.forget(command.getForgetOutcome().getTransaction());
                case ACQUIRE_DELEGATION -> delegations.acquire(command.getAcquireDelegation(), session);
                case RESERVE_INODES -> delegations.reserve(command.getReserveInodes(), session);
                case KEEP_PROMISES -> promises.keep(command.getKeepPromises(), session, this::keep);
                case OPEN_SESSION, BODY_NOT_SET ->
                    throw new StorageException(Failure.UNSUPPORTED, "not a command this shard knows");
            };
        }

        private Reply keep(final Command promise) {
            transaction.begin(promise);
            return attempt(this, transaction, promise);
        }

        private Reply make(final MakeNode command, final long session) {
            final Reply made = nodes.make(command, session);
            final long id = made.getNode().getInode();
            // What a session holds is noted where the inode lives: one of another shard is opened there.
            if (command.getDelegate() && made.getNode().getAttributes().getType() == FileType.DIRECTORY) {
                final boolean held = delegations.acquireNewborn(id, session);
                return Replies.of(made.getNode().toBuilder().setDelegated(held).build());
            }
            return command.getOpen() && transaction.owns(id)
                    ? opens.open(
                            OpenNode.newBuilder().setInode(id).setWriting(true).build(), session)
                    : made;
        }
    }
}
