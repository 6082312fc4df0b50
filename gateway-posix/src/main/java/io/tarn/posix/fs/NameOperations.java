package io.tarn.posix.fs;

import io.tarn.client.Node;
import io.tarn.client.RenameMode;
import io.tarn.posix.fs.Failures.Doing;
import java.util.Optional;

/** Looks names up, adds, moves and removes them: one commit each, and what is remembered is put right before the answer. Thread-safe. */
final class NameOperations {
    private final MountPoint mount;
    private final NodeReader nodes;
    private final Answers answers;
    private final RootSquash squash;

    NameOperations(final MountPoint mount, final NodeReader nodes, final Answers answers, final RootSquash squash) {
        this.mount = mount;
        this.nodes = nodes;
        this.answers = answers;
        this.squash = squash;
    }

    Entry lookup(final Caller caller, final EntryName name) {
        if (squash.isOn()) {
            squash.require(caller, nodes.requireDirectory(name.parent()), RootSquash.EXECUTE);
        }
        if (EntryName.isDot(name.name()) || EntryName.isDotDot(name.name())) {
            return relative(name);
        }
        EntryName.require(name.name());
        final long moment = mount.memory().now();
        final Optional<Long> known = mount.memory().name(name);
        if (known.isPresent() && known.get() == Memory.NOTHING) {
            throw PosixException.noEntry(mount.memory().keep(name, Memory.NOTHING, moment));
        }
        final Optional<Node> remembered = known.flatMap(nodes::find);
        if (remembered.isPresent()) {
            return answers.read(name, remembered.get(), moment);
        }
        return answers.read(name, read(name, moment), moment);
    }

    private Entry relative(final EntryName name) {
        final long moment = mount.memory().now();
        final Node directory = nodes.requireDirectory(name.parent());
        final boolean above = EntryName.isDotDot(name.name())
                && directory.inode() != mount.numbers().root();
        final Node found = above ? nodes.require(directory.parent()) : directory;
        final AttributeAnswer answer = answers.read(found, moment);
        return new Entry(answer.attributes(), 0, answer.attributeMillis());
    }

    private Node read(final EntryName name, final long moment) {
        final Node found = mount.patience()
                .query(Doing.LOOKUP, () -> mount.inodes().lookup(name.parent(), name.name()))
                .orElseThrow(() -> PosixException.noEntry(mount.memory().keep(name, Memory.NOTHING, moment)));
        return nodes.isUnsettled(found.inode()) ? nodes.require(found.inode()) : found;
    }

    /** What bears a name; {@code ENOENT}. */
    Node require(final EntryName name) {
        return read(name, mount.memory().now());
    }

    Entry link(final Caller caller, final long inode, final EntryName name) {
        mount.requireWritable();
        EntryName.require(name.name());
        if (squash.isOn()) {
            squash.require(caller, nodes.require(name.parent()), RootSquash.WRITE | RootSquash.EXECUTE);
        }
        nodes.commit(inode);
        final long moment = mount.memory().now();
        try {
            final Node linked = mount.once(
                    caller,
                    Doing.LINK,
                    () -> mount.inodes().link(inode, name.parent(), name.name()),
                    earlier -> nodes.now(inode, Doing.LINK).orElseThrow(Errno.ESTALE::exception));
            return answers.changed(name, linked, moment);
        } catch (final PosixException failed) {
            mount.memory().nameChanged(name);
            mount.memory().nodeChanged(inode);
            throw failed;
        } finally {
            mount.memory().nodeChanged(name.parent());
        }
    }

    void unlink(final Caller caller, final EntryName name) {
        remove(caller, name, () -> mount.inodes().unlink(name.parent(), name.name(), mount.owner()));
    }

    void removeDirectory(final Caller caller, final EntryName name) {
        if (EntryName.isDot(name.name())) {
            throw Errno.EINVAL.exception();
        }
        if (EntryName.isDotDot(name.name())) {
            throw Errno.ENOTEMPTY.exception();
        }
        remove(caller, name, () -> mount.inodes().removeDirectory(name.parent(), name.name()));
    }

    private void remove(final Caller caller, final EntryName name, final Runnable removal) {
        mount.requireWritable();
        EntryName.require(name.name());
        requireRemovable(caller, name);
        final long moment = mount.memory().now();
        final Optional<Long> removed = bearer(name);
        try {
            mount.once(caller, Doing.UNLINK, removal);
            mount.memory().changed(name, Memory.NOTHING, moment);
            removed.ifPresent(mount.memory()::unlinked);
        } catch (final PosixException failed) {
            mount.memory().nameChanged(name);
            throw failed;
        } finally {
            removed.ifPresent(mount.memory()::nodeChanged);
            mount.memory().nodeChanged(name.parent());
        }
    }

    /** What bears a name that is about to go: what is remembered of it does not hold afterwards. */
    private Optional<Long> bearer(final EntryName name) {
        return mount.memory()
                .name(name)
                .or(() -> mount.patience()
                        .query(Doing.UNLINK, () -> mount.inodes().lookup(name.parent(), name.name()))
                        .map(Node::inode))
                .filter(inode -> inode != Memory.NOTHING);
    }

    private void requireRemovable(final Caller caller, final EntryName name) {
        if (squash.isOn()) {
            squash.requireRemovable(caller, nodes.require(name.parent()), require(name));
        }
    }

    void rename(final Caller caller, final EntryName from, final EntryName to, final int flags) {
        mount.requireWritable();
        EntryName.require(from.name());
        EntryName.require(to.name());
        final RenameMode mode =
                switch (flags) {
                    case 0 -> RenameMode.REPLACE;
                    case OpenFlags.RENAME_NO_REPLACE -> RenameMode.NO_REPLACE;
                    case OpenFlags.RENAME_EXCHANGE -> RenameMode.EXCHANGE;
                    default -> throw Errno.EINVAL.exception();
                };
        if (squash.isOn()) {
            requireRemovable(caller, from);
            squash.require(caller, nodes.require(to.parent()), RootSquash.WRITE | RootSquash.EXECUTE);
        }
        final Optional<Long> moved = bearer(from);
        final Optional<Long> replaced = bearer(to);
        try {
            mount.once(caller, Doing.RENAME, () -> mount.inodes()
                    .rename(from.parent(), from.name(), to.parent(), to.name(), mode, mount.owner()));
            if (mode == RenameMode.REPLACE) {
                replaced.ifPresent(mount.memory()::unlinked);
            }
        } finally {
            // Two names of one file both stay; so what the names lead to now is not guessed.
            final Memory memory = mount.memory();
            memory.nameChanged(from);
            memory.nameChanged(to);
            moved.ifPresent(memory::nodeChanged);
            replaced.ifPresent(memory::nodeChanged);
            memory.nodeChanged(from.parent());
            memory.nodeChanged(to.parent());
        }
    }
}
