package io.tarn.posix.fs;

import io.tarn.client.AttributeChange;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.Quota;
import io.tarn.client.VolumeStatistics;
import io.tarn.client.XattrMode;
import io.tarn.posix.fs.Failures.Doing;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads and sets what {@code stat} shows, and tells how full the volume is. Thread-safe. */
final class AttributeOperations {
    /** What a volume without quota shows as its size: the storage does not say how large it is. */
    static final long UNLIMITED_BYTES = 1L << 50;

    static final long UNLIMITED_INODES = 1L << 40;

    private final MountPoint mount;
    private final NodeReader nodes;
    private final Answers answers;
    private final RootSquash squash;

    AttributeOperations(
            final MountPoint mount, final NodeReader nodes, final Answers answers, final RootSquash squash) {
        this.mount = mount;
        this.nodes = nodes;
        this.answers = answers;
        this.squash = squash;
    }

    AttributeAnswer get(final long inode) {
        final long moment = mount.memory().now();
        return answers.read(nodes.require(inode), moment);
    }

    Key readLink(final long inode) {
        return nodes.require(inode).target().orElseThrow(Errno.EINVAL::exception);
    }

    AttributeAnswer set(final Caller caller, final long inode, final AttributeWish wish) {
        mount.requireWritable();
        final Node before = nodes.require(inode);
        requireAllowed(caller, before, wish);
        final OptionalInt mode = mode(caller, before, wish);
        final AttributeChange change = new AttributeChange(
                mode, wish.uid(), wish.gid(), wish.size(), time(wish.accessed()), time(wish.modified()));
        final long moment = mount.memory().now();
        boolean done = false;
        try {
            final Node after = change(inode, change);
            final boolean listed = wish.mode().isPresent() && changedAcl(after, mode.orElse(after.mode()));
            final AttributeAnswer answer = answers.attributesChanged(after, moment);
            done = true;
            return listed ? get(inode) : answer;
        } finally {
            if (!done) {
                mount.memory().attributesChanged(inode);
            }
        }
    }

    /** With the next commit of what is written here, if something is. */
    private Node change(final long inode, final AttributeChange change) {
        if (change.size().isPresent()) {
            return nodes.open(inode, open -> open.changingAll(() -> changed(inode, change), node -> true))
                    .orElseGet(() -> repeatably(inode, change));
        }
        return nodes.unsettled(inode, open -> open.setAttributes(change)).orElseGet(() -> repeatably(inode, change));
    }

    private Node repeatably(final long inode, final AttributeChange change) {
        return mount.patience().repeatable(Doing.ATTRIBUTES, () -> changed(inode, change));
    }

    private Node changed(final long inode, final AttributeChange change) {
        return mount.inodes(inode).setAttributes(inode, change);
    }

    private void requireAllowed(final Caller caller, final Node before, final AttributeWish wish) {
        if (wish.size().isPresent()) {
            if (before.isDirectory()) {
                throw Errno.EISDIR.exception();
            }
            if (before.type() != NodeType.FILE || wish.size().getAsLong() < 0) {
                throw Errno.EINVAL.exception();
            }
            if (wish.handle().isEmpty()) {
                squash.require(caller, before, RootSquash.WRITE);
            }
        }
        if (wish.mode().isPresent()
                || wish.uid().isPresent()
                || wish.gid().isPresent()
                || wish.accessed() instanceof AttributeWish.At
                || wish.modified() instanceof AttributeWish.At) {
            squash.requireOwner(caller, before);
        }
    }

    private OptionalInt mode(final Caller caller, final Node before, final AttributeWish wish) {
        final int wanted = wish.mode().orElse(before.mode()) & Modes.PERMISSIONS;
        int mode = wanted;
        final boolean given = wish.uid().isPresent() || wish.gid().isPresent();
        // Linux takes them from all that is given away but directories, also from fifos, sockets and devices
        // (fs/open.c, chown_common)
        if ((given && !before.isDirectory()) || (wish.dropPrivileges() && before.type() == NodeType.FILE)) {
            mode = Modes.withoutPrivileges(mode);
        }
        if (wish.mode().isPresent()
                && !squash.isPrivileged(caller)
                && !caller.isIn(wish.gid().orElse(before.gid()))) {
            mode &= ~Modes.SET_GID;
        }
        return wish.mode().isPresent() || mode != before.mode() ? OptionalInt.of(mode) : OptionalInt.empty();
    }

    /** The mode of a file with an ACL is part of it: says whether there is one, and sets it right. */
    private boolean changedAcl(final Node node, final int mode) {
        if (node.type() == NodeType.SYMLINK) {
            return false;
        }
        final Optional<PosixAcl> acl = nodes.facts(node.inode()).access();
        if (acl.isEmpty()) {
            return false;
        }
        final byte[] changed = acl.get().withMode(mode).toByteArray();
        mount.patience().repeatable(Doing.XATTR, () -> mount.inodes()
                .setXattr(node.inode(), XattrFacts.ACCESS_ACL, changed, XattrMode.ANY));
        mount.memory().attributesChanged(node.inode());
        return true;
    }

    private static Optional<AttributeChange.NewTime> time(final AttributeWish.Time wish) {
        return switch (wish) {
            case final AttributeWish.Omit omit -> Optional.empty();
            case final AttributeWish.Now now -> Optional.of(new AttributeChange.Now());
            case final AttributeWish.At at -> Optional.of(new AttributeChange.At(at.nanos()));
        };
    }

    /** Takes the set-id bits off a file that is written. Costs nothing where there are none. */
    void dropPrivileges(final long inode) {
        final Node before = nodes.require(inode);
        final int mode = Modes.withoutPrivileges(before.mode());
        if (mode != before.mode()) {
            change(inode, AttributeChange.NONE.withMode(mode));
            mount.memory().attributesChanged(inode);
        }
        if (nodes.facts(inode).capable()) {
            mount.patience().repeatable(Doing.XATTR, () -> mount.inodes().removeXattr(inode, XattrFacts.CAPABILITY));
            mount.memory().attributesChanged(inode);
        }
    }

    FileSystemStatistics statistics() {
        final VolumeStatistics known =
                mount.patience().query(Doing.ATTRIBUTES, () -> mount.inodes().statistics(mount.volume()));
        final long usedBlocks = blocks(known.usage().bytes());
        final long blocks = known.quota().bytes() == Quota.UNLIMITED
                ? UNLIMITED_BYTES / Attributes.BLOCK_SIZE
                : blocks(known.quota().bytes());
        final long inodes = known.quota().inodes() == Quota.UNLIMITED
                ? UNLIMITED_INODES
                : known.quota().inodes();
        return new FileSystemStatistics(
                blocks,
                Math.max(0, blocks - usedBlocks),
                inodes,
                Math.max(0, inodes - known.usage().inodes()),
                EntryName.MAX_BYTES);
    }

    private static long blocks(final long bytes) {
        return bytes / Attributes.BLOCK_SIZE + (bytes % Attributes.BLOCK_SIZE == 0 ? 0 : 1);
    }
}
