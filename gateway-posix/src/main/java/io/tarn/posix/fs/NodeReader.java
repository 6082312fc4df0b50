package io.tarn.posix.fs;

import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.posix.fs.Failures.Doing;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks inodes up, in memory first. A file that is being written here gets its times when they are asked for, and the commit carries them: a
 * program that asks for them before it closes the file must find the same ones afterwards (git does). Thread-safe.
 */
final class NodeReader {
    private final MountPoint mount;
    private final OpenFiles files;

    NodeReader(final MountPoint mount, final OpenFiles files) {
        this.mount = mount;
        this.files = files;
    }

    /** Commits what is written to a file here. */
    void commit(final long inode) {
        files.using(inode, open -> {
            open.commit();
            return true;
        });
    }

    /** Whether something is written to a file here that is not committed. */
    boolean isUnsettled(final long inode) {
        return files.ofInode(inode).filter(OpenInode::isDirty).isPresent();
    }

    /** Does something with a file if something is written to it here that is not committed. */
    <T> Optional<T> unsettled(final long inode, final Function<OpenInode, T> use) {
        return isUnsettled(inode) ? files.using(inode, use) : Optional.empty();
    }

    /** Does something with a file if it is open here. */
    <T> Optional<T> open(final long inode, final Function<OpenInode, T> use) {
        return files.using(inode, use);
    }

    /** The inode, if it is there. */
    Optional<Node> find(final long inode) {
        final long moment = mount.memory().now();
        final Optional<Node> known = mount.memory().node(inode);
        if (known.isPresent()) {
            return known;
        }
        final Optional<Node> found = now(inode, Doing.ATTRIBUTES);
        found.ifPresent(node -> mount.memory().keep(node, moment));
        return found;
    }

    /** The inode past what is remembered. */
    Optional<Node> now(final long inode, final Doing doing) {
        final Optional<Node> settled = unsettled(inode, open -> mount.patience().query(doing, open::settled));
        return settled.isPresent()
                ? settled
                : mount.patience().query(doing, () -> mount.inodes().find(inode).or(() -> held(inode)));
    }

    /** As it was when its last name went, for who has it open. */
    private Optional<Node> held(final long inode) {
        return files.using(inode, open -> open.file().node());
    }

    /** The inode; {@code ESTALE} when it is gone. */
    Node require(final long inode) {
        return find(inode).orElseThrow(Errno.ESTALE::exception);
    }

    Node requireDirectory(final long inode) {
        final Node node = require(inode);
        if (!node.isDirectory()) {
            throw Errno.ENOTDIR.exception();
        }
        return node;
    }

    XattrFacts facts(final long inode) {
        final long moment = mount.memory().now();
        final Optional<XattrFacts> known = mount.memory().facts(inode);
        if (known.isPresent()) {
            return known.get();
        }
        final Map<Key, byte[]> attributes =
                mount.patience().query(Doing.ATTRIBUTES, () -> mount.inodes().xattrs(inode));
        final XattrFacts facts = XattrFacts.of(attributes);
        mount.memory().keep(inode, facts, moment);
        return facts;
    }
}
