package io.tarn.core.session;

import io.tarn.client.AttributeChange;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The tree by inodes, over shards and extents. A mutation is one log entry, shared with whoever commits at the same time; a read is a few
 * point reads or one scan on the caller's thread.
 */
final class ShardInodes implements Inodes {
    private final Names names;
    private final Writers writers;
    private final BlockReader blocks;
    private final WriteBack memory;
    private final Map<Long, SharedFile> files = new ConcurrentHashMap<>();

    ShardInodes(final Names names, final Writers writers, final BlockReader blocks, final WriteBack memory) {
        this.names = names;
        this.writers = writers;
        this.blocks = blocks;
        this.memory = memory;
    }

    private <T> T query(final long inode, final Function<NodeReads, T> query) {
        return names.queryAt(inode, queries -> query.apply(queries.nodes()));
    }

    private NodeReply call(final long inode, final Command.Builder command) {
        return names.callAt(inode, command).getNode();
    }

    private Node change(final long inode, final Command.Builder command) {
        return asWritten(NodeProposals.node(call(inode, command)));
    }

    /** The inode with the size that its writer here sees. */
    private Node asWritten(final Node node) {
        final SharedFile file = files.get(node.inode());
        final long end = file == null ? 0 : file.uncommittedEnd();
        return end > node.size() ? node.withSize(end) : node;
    }

    @Override
    public Node root(final long volume) {
        return names.query(volume, queries -> queries.nodes().root(volume));
    }

    @Override
    public Optional<Node> find(final long inode) {
        return query(inode, queries -> queries.node(inode)).map(this::asWritten);
    }

    @Override
    public Optional<Node> lookup(final long directory, final Key name) {
        return query(directory, queries -> queries.lookup(directory, name)).map(this::asWritten);
    }

    @Override
    public List<Node> resolve(final long directory, final List<Key> names) {
        return query(directory, queries -> queries.resolve(directory, names)).stream()
                .map(this::asWritten)
                .toList();
    }

    @Override
    public List<Key> pathOf(final long directory) {
        return query(directory, queries -> queries.path(directory));
    }

    @Override
    public DirectoryPage readDirectory(final long directory, final Key after, final int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "a page has 1 to " + PAGE_MAX + " entries");
        }
        return query(directory, queries -> queries.page(directory, after, limit));
    }

    @Override
    public Node make(final long directory, final Key name, final NewNode what, final boolean exclusive) {
        return change(directory, NodeProposals.make(directory, name, what, exclusive, /* open= */ false));
    }

    @Override
    public Node link(final long inode, final long directory, final Key name) {
        return change(directory, NodeProposals.link(inode, directory, name));
    }

    @Override
    public void unlink(final long directory, final Key name, final String owner) {
        call(directory, NodeProposals.unlink(directory, name, owner));
    }

    @Override
    public void removeDirectory(final long directory, final Key name) {
        call(directory, NodeProposals.removeDirectory(directory, name));
    }

    @Override
    public Node rename(
            final long fromDirectory,
            final Key fromName,
            final long toDirectory,
            final Key toName,
            final RenameMode mode,
            final String owner) {
        return change(fromDirectory, NodeProposals.rename(fromDirectory, fromName, toDirectory, toName, mode, owner));
    }

    @Override
    public Node setAttributes(final long inode, final AttributeChange change) {
        final SharedFile file = files.get(inode);
        if (change.size().isPresent() && file != null) {
            return NodeProposals.node(file.change(epoch -> NodeProposals.setAttributes(inode, change, epoch), 0));
        }
        return change(inode, NodeProposals.setAttributes(inode, change, 0));
    }

    @Override
    public Optional<byte[]> xattr(final long inode, final Key name) {
        return query(inode, queries -> queries.xattr(inode, name)).map(byte[]::clone);
    }

    @Override
    public Map<Key, byte[]> xattrs(final long inode) {
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
        return open(directory, NodeProposals.make(directory, name, what, exclusive, /* open= */ true), 0);
    }

    @Override
    public OpenFile open(final long inode) {
        return open(inode, NodeProposals.open(inode), 0);
    }

    @Override
    public OpenFile open(final long inode, final Leases.Lease lease) {
        if (lease.inode() != inode) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the lease is on another file");
        }
        return open(inode, NodeProposals.open(inode), lease.epoch());
    }

    /** Opens by a command to the shard of {@code place}. */
    private OpenFile open(final long place, final Command.Builder command, final long leaseEpoch) {
        memory.opened();
        boolean opened = false;
        try {
            // Each handle is counted by the shard: whichever of them closes last, the file is held until then.
            final Node node = NodeProposals.node(call(place, command));
            final long inode = node.inode();
            opened = true;
            final SharedFile file = files.compute(inode, (id, existing) -> {
                if (existing == null) {
                    return new SharedFile(inode, node.volume(), new FilePlace(names, writers, blocks, memory));
                }
                existing.handles++;
                return existing;
            });
            return new ShardOpenFile(this, file, leaseEpoch);
        } finally {
            if (!opened) {
                memory.closed();
            }
        }
    }

    /** A handle is closed, and what was written through it committed or lost. */
    void release(final SharedFile file) {
        files.compute(file.inode, (id, existing) -> {
            file.handles--;
            return file.handles == 0 ? null : existing;
        });
        if (file.handles == 0) {
            file.discard();
        }
        memory.closed();
        call(file.inode, NodeProposals.close(file.inode));
    }

    @Override
    public Node concatenate(final long target, final List<Entry> sources, final String owner) {
        final SharedFile file = files.get(target);
        if (file != null) {
            file.sync();
        }
        return change(target, NodeProposals.concatenate(target, sources, owner));
    }

    @Override
    public VolumeStatistics statistics(final long volume) {
        return names.query(volume, queries -> queries.nodes().statistics(volume));
    }
}
