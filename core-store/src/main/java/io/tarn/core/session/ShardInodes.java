package io.tarn.core.session;

import io.tarn.client.AttributeChange;
import io.tarn.client.Caller;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.Leases;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.OpenFile;
import io.tarn.client.RenameMode;
import io.tarn.client.VolumeStatistics;
import io.tarn.client.XattrMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeReads;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.OpenRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The tree by inodes, over shards and extents. A mutation is one log entry, shared with whoever commits at the same time; a read is a few
 * point reads or one scan on the caller's thread.
 */
final class ShardInodes implements Inodes {
    private final Names names;
    private final Holder holder;
    private final PromisedChanges promises;
    private final OpenTable table;
    private final Caller caller;

    /**
     * @param names behind what is promised
     * @param promises for directories that this client has for itself
     */
    ShardInodes(
            final Names names,
            final Holder holder,
            final PromisedChanges promises,
            final OpenTable table,
            final Caller caller) {
        this.names = names;
        this.holder = holder;
        this.promises = promises;
        this.table = table;
        this.caller = caller;
    }

    @Override
    public Inodes from(final Caller other) {
        return new ShardInodes(names, holder, promises, table, other);
    }

    /** Everything that is promised is committed when this returns. */
    void flush() {
        holder.flush();
    }

    /** What this client has open. */
    OpenTable table() {
        return table;
    }

    private <T> T query(final long inode, final Function<NodeReads, T> query) {
        return names.queryAt(inode, queries -> query.apply(queries.nodes()));
    }

    private NodeReply call(final long inode, final Command.Builder command) {
        return names.callAt(inode, NodeProposals.from(caller, command)).getNode();
    }

    private Node change(final long inode, final Command.Builder command) {
        return asWritten(NodeProposals.node(call(inode, command)));
    }

    /** The inode as its writer here sees it. */
    private Node asWritten(final Node node) {
        return table.find(node.inode()).map(file -> file.asWritten(node)).orElse(node);
    }

    @Override
    public Node root(final long volume) {
        return names.query(volume, queries -> queries.nodes().root(volume));
    }

    @Override
    public Optional<Node> find(final long inode) {
        return promises.find(inode)
                .or(() -> query(inode, queries -> queries.node(inode)))
                .map(this::asWritten);
    }

    @Override
    public Optional<Node> lookup(final long directory, final Key name) {
        final Optional<Node> found =
                switch (promises.lookup(directory, name)) {
                    case final PromisedChanges.Here here -> Optional.of(here.node());
                    case final PromisedChanges.Nowhere nowhere -> Optional.empty();
                    case final PromisedChanges.Ask ask -> {
                        holder.settle();
                        yield query(directory, queries -> queries.lookup(directory, name));
                    }
                };
        return found.map(this::asWritten);
    }

    @Override
    public List<Node> resolve(final long directory, final List<Key> names) {
        holder.settle();
        return query(directory, queries -> queries.resolve(directory, names)).stream()
                .map(this::asWritten)
                .toList();
    }

    @Override
    public List<Key> pathOf(final long directory) {
        holder.settle();
        return query(directory, queries -> queries.path(directory));
    }

    @Override
    public DirectoryPage readDirectory(final long directory, final Key after, final int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "a page has 1 to " + PAGE_MAX + " entries");
        }
        holder.settle();
        return query(directory, queries -> queries.page(directory, after, limit));
    }

    @Override
    public Node make(final long directory, final Key name, final NewNode what, final boolean exclusive) {
        final Entry entry = new Entry(directory, name);
        return promises.make(caller, entry, what, exclusive, node -> {}).orElseGet(() -> {
            final Node made = holder.plainly(List.of(entry), () -> madePlainly(directory, name, what, exclusive));
            holder.changed(directory);
            return made;
        });
    }

    private Node madePlainly(final long directory, final Key name, final NewNode what, final boolean exclusive) {
        final Command.Builder make = NodeProposals.make(directory, name, what, exclusive, /* open= */ false);
        make.getMakeNodeBuilder().setDelegate(what.type() == NodeType.DIRECTORY && holder.isActive());
        final long session = names.sessionAt(directory);
        final NodeReply reply = call(directory, make);
        final Node made = NodeProposals.node(reply);
        if (reply.getDelegated()) {
            holder.born(made, session);
        }
        return asWritten(made);
    }

    @Override
    public Node link(final long inode, final long directory, final Key name) {
        final Node linked = holder.plainly(
                List.of(new Entry(directory, name)),
                () -> change(directory, NodeProposals.link(inode, directory, name)));
        holder.severalNames(inode);
        return linked;
    }

    @Override
    public void unlink(final long directory, final Key name, final String owner) {
        final Entry entry = new Entry(directory, name);
        if (!promises.unlink(caller, entry, owner)) {
            holder.plainly(List.of(entry), () -> {
                holdReaders(directory, name);
                return call(directory, NodeProposals.unlink(directory, name, owner));
            });
            holder.changed(directory);
        }
    }

    @Override
    public void removeDirectory(final long directory, final Key name) {
        final Entry entry = new Entry(directory, name);
        if (!promises.removeDirectory(caller, entry)) {
            holder.plainly(List.of(entry), () -> call(directory, NodeProposals.removeDirectory(directory, name)));
            holder.changed(directory);
        }
    }

    @Override
    public Node rename(
            final long fromDirectory,
            final Key fromName,
            final long toDirectory,
            final Key toName,
            final RenameMode mode,
            final String owner) {
        final Entry from = new Entry(fromDirectory, fromName);
        final Entry to = new Entry(toDirectory, toName);
        return promises.rename(caller, from, to, mode, owner)
                .map(this::asWritten)
                .orElseGet(() -> {
                    final Node moved = holder.plainly(List.of(from, to), () -> {
                        if (mode == RenameMode.REPLACE) {
                            holdReaders(toDirectory, toName);
                        }
                        return change(
                                fromDirectory,
                                NodeProposals.rename(fromDirectory, fromName, toDirectory, toName, mode, owner));
                    });
                    holder.changed(fromDirectory);
                    if (fromDirectory != toDirectory) {
                        holder.changed(toDirectory);
                    }
                    return moved;
                });
    }

    @Override
    public Node setAttributes(final long inode, final AttributeChange change) {
        final Optional<Node> promised = promises.setAttributes(caller, inode, change);
        if (promised.isPresent()) {
            return asWritten(promised.get());
        }
        if (change.size().isEmpty()) {
            return change(inode, NodeProposals.setAttributes(inode, change, 0));
        }
        final Optional<SharedFile> file = table.find(inode);
        if (file.isPresent()) {
            return file.get().resize(change, 0, caller);
        }
        Node node;
        do {
            node = NodeProposals.node(call(inode, NodeProposals.setAttributes(inode, change, 0)));
        } while (node.size() > change.size().getAsLong());
        return node;
    }

    @Override
    public Optional<byte[]> xattr(final long inode, final Key name) {
        if (promises.isUnborn(inode)) {
            return Optional.empty();
        }
        return query(inode, queries -> queries.xattr(inode, name)).map(byte[]::clone);
    }

    @Override
    public Map<Key, byte[]> xattrs(final long inode) {
        if (promises.isUnborn(inode)) {
            return Map.of();
        }
        return query(inode, queries -> queries.xattrs(inode));
    }

    @Override
    public void setXattr(final long inode, final Key name, final byte[] value, final XattrMode mode) {
        call(inode, NodeProposals.setXattr(inode, name, Optional.of(value), mode));
    }

    @Override
    public void removeXattr(final long inode, final Key name) {
        call(inode, NodeProposals.setXattr(inode, name, Optional.empty(), XattrMode.ANY));
    }

    @Override
    public OpenFile create(final long directory, final Key name, final NewNode what, final boolean exclusive) {
        if (what.type() != NodeType.FILE) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "only files are opened");
        }
        return handle(
                () -> OpenTable.Joined.of(made(directory, name, what, exclusive)), true, 0, caller.at(directory, name));
    }

    private SharedFile made(final long directory, final Key name, final NewNode what, final boolean exclusive) {
        final Entry entry = new Entry(directory, name);
        final List<SharedFile> promised = new ArrayList<>(1);
        promises.make(caller, entry, what, exclusive, node -> promised.add(table.addPromised(node)));
        if (!promised.isEmpty()) {
            return promised.getFirst();
        }
        final SharedFile made = holder.plainly(
                List.of(entry),
                () -> made(directory, NodeProposals.make(directory, name, what, exclusive, /* open= */ true)));
        holder.changed(directory);
        return made;
    }

    private SharedFile made(final long directory, final Command.Builder opening) {
        final Node made = NodeProposals.node(call(directory, opening));
        // A file that is there already and lives in another shard is opened in that.
        return Names.shardOf(made.inode()) == Names.shardOf(directory)
                ? table.addWriter(made)
                : writer(made.inode()).file();
    }

    @Override
    public OpenFile open(final long inode) {
        return handle(() -> writer(inode), true, 0, caller);
    }

    @Override
    public OpenFile open(final long inode, final Leases.Lease lease) {
        if (lease.inode() != inode) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the lease is on another file");
        }
        return handle(() -> writer(inode), true, lease.epoch(), caller);
    }

    @Override
    public OpenFile openForReading(final long inode) {
        return handle(() -> table.addReader(inode), false, 0, caller);
    }

    @Override
    public Optional<Reopened> reopen(final long inode) {
        final OpenRecord held = query(inode, queries -> queries.held(inode, names.sessionAt(inode)));
        if (held.getReading() + held.getWriting() == 0) {
            return Optional.empty();
        }
        final Optional<Node> node = query(inode, queries -> queries.node(inode));
        final boolean writing = held.getWriting() > 0;
        return node.map(found -> new Reopened(
                handle(() -> OpenTable.Joined.of(table.inherit(found, held)), writing, 0, caller), writing));
    }

    private OpenTable.Joined writer(final long inode) {
        return table.joinWriters(inode).map(OpenTable.Joined::of).orElseGet(() -> {
            final Node opened = NodeProposals.node(call(inode, NodeProposals.open(inode, /* writing= */ true)));
            return new OpenTable.Joined(table.addWriter(opened), Optional.of(opened));
        });
    }

    /** A writer who rested writes again. */
    void wake(final SharedFile file) {
        call(file.inode, NodeProposals.open(file.inode, /* writing= */ true));
        table.wake(file, 1);
    }

    /** Keeps a file readable for a writer who rests; one that has gone in this moment is stale for him. */
    void anchor(final SharedFile file) {
        try {
            table.anchor(file);
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.NOT_FOUND) {
                throw failed;
            }
        }
    }

    private OpenFile handle(
            final Supplier<OpenTable.Joined> opening,
            final boolean writing,
            final long leaseEpoch,
            final Caller whence) {
        table.memory().opened();
        boolean opened = false;
        try {
            final OpenTable.Joined joined = opening.get();
            opened = true;
            return new ShardOpenFile(this, joined, writing, leaseEpoch, whence);
        } finally {
            if (!opened) {
                table.memory().closed();
            }
        }
    }

    /** Who reads through this client a file that it takes a name from keeps it: the shard is told before. */
    private void holdReaders(final long directory, final Key name) {
        if (table.anyAnchored()) {
            query(directory, queries -> queries.lookup(directory, name))
                    .ifPresent(node -> table.holdReaders(node.inode()));
        }
    }

    @Override
    public Node concatenate(final long target, final List<Entry> sources, final String owner) {
        table.find(target).ifPresent(SharedFile::sync);
        holder.settle();
        sources.forEach(source -> holdReaders(source.directory(), source.name()));
        return holder.plainly(sources, () -> change(target, NodeProposals.concatenate(target, sources, owner)));
    }

    @Override
    public VolumeStatistics statistics(final long volume) {
        return names.query(volume, queries -> queries.nodes().statistics(volume));
    }
}
