package io.tarn.posix.fs;

import io.tarn.client.AttributeChange;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.XattrMode;
import io.tarn.posix.fs.Failures.Doing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Extended attributes as Linux names them (xattr(7)). Access ACLs and permission bits are kept the same, as the kernel leaves it to the
 * server under FUSE_POSIX_ACL: an ACL that says no more than the bits is not stored. Thread-safe.
 */
final class XattrOperations {
    private static final int VALUE_MAX_BYTES = 64 << 10;
    private static final Key LABEL = key("security.selinux");
    private static final List<Key> NAMESPACES = List.of(key("user."), key("trusted."), key("security."));

    private final MountPoint mount;
    private final NodeReader nodes;
    private final RootSquash squash;
    private final boolean labels;

    /** @param labels whether the kernel has SELinux */
    XattrOperations(final MountPoint mount, final NodeReader nodes, final RootSquash squash, final boolean labels) {
        this.mount = mount;
        this.nodes = nodes;
        this.squash = squash;
        this.labels = labels;
    }

    private static Key key(final String name) {
        return Key.of(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isAcl(final Key name) {
        return name.equals(XattrFacts.ACCESS_ACL) || name.equals(XattrFacts.DEFAULT_ACL);
    }

    private static boolean isOffered(final Key name) {
        return isAcl(name)
                || NAMESPACES.stream().anyMatch(space -> name.startsWith(space) && name.length() > space.length());
    }

    private static void require(final Key name) {
        if (name.length() > EntryName.MAX_BYTES) {
            throw Errno.ERANGE.exception();
        }
        if (!isOffered(name)) {
            throw Errno.EOPNOTSUPP.exception();
        }
    }

    byte[] get(final long inode, final Key name) {
        require(name);
        if (!nodes.facts(inode).names().contains(name)) {
            throw absent(name).exception();
        }
        return mount.patience()
                .query(Doing.XATTR, () -> mount.inodes().xattr(inode, name))
                .orElseThrow(Errno.ENODATA::exception);
    }

    /**
     * A kernel without SELinux asks no one for labels; a program that does (ls -l, for every file) is told that there are none here, as by
     * NFS, and asks no more. One that was stored is given all the same.
     */
    private Errno absent(final Key name) {
        return name.equals(LABEL) && !labels ? Errno.EOPNOTSUPP : Errno.ENODATA;
    }

    List<Key> list(final long inode) {
        nodes.require(inode);
        return nodes.facts(inode).names().stream()
                .filter(XattrOperations::isOffered)
                .sorted()
                .toList();
    }

    void set(final Caller caller, final long inode, final Key name, final byte[] value, final int flags) {
        mount.requireWritable();
        require(name);
        if (value.length > VALUE_MAX_BYTES) {
            throw Errno.E2BIG.exception();
        }
        final XattrMode mode =
                switch (flags) {
                    case 0 -> XattrMode.ANY;
                    case OpenFlags.XATTR_CREATE -> XattrMode.CREATE;
                    case OpenFlags.XATTR_REPLACE -> XattrMode.REPLACE;
                    default -> throw Errno.EINVAL.exception();
                };
        final Node before = nodes.require(inode);
        squash.requireOwner(caller, before);
        try {
            if (isAcl(name)) {
                setAcl(caller, before, name, PosixAcl.parse(value));
            } else {
                put(caller, inode, name, value, mode);
            }
        } finally {
            mount.memory().attributesChanged(inode);
        }
    }

    private void put(final Caller caller, final long inode, final Key name, final byte[] value, final XattrMode mode) {
        if (mode == XattrMode.ANY) {
            mount.patience().repeatable(Doing.XATTR, () -> mount.inodes(inode).setXattr(inode, name, value, mode));
        } else {
            mount.once(caller, Doing.XATTR, () -> mount.inodes(inode).setXattr(inode, name, value, mode));
        }
    }

    private void setAcl(final Caller caller, final Node before, final Key name, final PosixAcl acl) {
        if (name.equals(XattrFacts.DEFAULT_ACL)) {
            if (!before.isDirectory()) {
                throw Errno.EACCES.exception();
            }
            putOrRemove(before.inode(), name, acl, acl.isEmpty());
            return;
        }
        if (acl.isEmpty()) {
            putOrRemove(before.inode(), name, acl, true);
            return;
        }
        int mode = (before.mode() & ~Modes.ALL_RIGHTS) | acl.mode();
        if (!squash.isPrivileged(caller) && !caller.isIn(before.gid())) {
            mode &= ~Modes.SET_GID;
        }
        putOrRemove(before.inode(), name, acl, acl.isMinimal());
        if (mode != before.mode()) {
            final AttributeChange change = AttributeChange.NONE.withMode(mode);
            mount.patience().repeatable(Doing.ATTRIBUTES, () -> mount.inodes(before.inode())
                    .setAttributes(before.inode(), change));
        }
    }

    private void putOrRemove(final long inode, final Key name, final PosixAcl acl, final boolean remove) {
        if (!remove) {
            mount.patience().repeatable(Doing.XATTR, () -> mount.inodes(inode)
                    .setXattr(inode, name, acl.toByteArray(), XattrMode.ANY));
        } else if (mount.patience()
                .query(Doing.XATTR, () -> mount.inodes().xattr(inode, name))
                .isPresent()) {
            mount.patience().repeatable(Doing.XATTR, () -> mount.inodes(inode).removeXattr(inode, name));
        }
    }

    void remove(final Caller caller, final long inode, final Key name) {
        mount.requireWritable();
        require(name);
        squash.requireOwner(caller, nodes.require(inode));
        try {
            mount.once(caller, Doing.XATTR, () -> mount.inodes(inode).removeXattr(inode, name));
        } finally {
            mount.memory().attributesChanged(inode);
        }
    }
}
