package io.tarn.posix.fs;

import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.OpenFile;
import io.tarn.client.XattrMode;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.fs.Heritage.Newborn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes files, directories, links and devices, as their directory and caller will have them. One commit; one more for each ACL that is
 * inherited. Thread-safe.
 */
final class Births {
    /** Bytes of a symbolic link's target at most (PATH_MAX without its NUL). */
    static final int TARGET_MAX_BYTES = 4095;

    private final MountPoint mount;
    private final NodeReader nodes;
    private final Answers answers;
    private final RootSquash squash;

    Births(final MountPoint mount, final NodeReader nodes, final Answers answers, final RootSquash squash) {
        this.mount = mount;
        this.nodes = nodes;
        this.answers = answers;
        this.squash = squash;
    }

    private Heritage heritage(final Caller caller, final long directory) {
        if (squash.isOn()) {
            squash.require(caller, nodes.require(directory), RootSquash.WRITE | RootSquash.EXECUTE);
        }
        final long moment = mount.memory().now();
        final Optional<Heritage> known = mount.memory().heritage(directory);
        if (known.isPresent()) {
            return known.get();
        }
        final Heritage heritage = Heritage.of(nodes.requireDirectory(directory), nodes.facts(directory));
        mount.memory().keep(directory, heritage, moment);
        return heritage;
    }

    private Newborn newborn(
            final Caller caller,
            final EntryName name,
            final NodeType type,
            final int mode,
            final int device,
            final Key target) {
        mount.requireWritable();
        EntryName.require(name.name());
        return heritage(caller, name.parent()).newborn(caller, squash, type, mode, device, target, mount.owner());
    }

    Entry make(
            final Caller caller,
            final EntryName name,
            final NodeType type,
            final int mode,
            final int device,
            final Key target) {
        if (target.length() > TARGET_MAX_BYTES) {
            throw Errno.ENAMETOOLONG.exception();
        }
        final Newborn newborn = newborn(caller, name, type, mode, device, target);
        final long moment = mount.memory().now();
        return born(caller, name, newborn, moment, () -> mount.inodes()
                .make(name.parent(), name.name(), newborn.node(), true));
    }

    /** What makes an inode. */
    @FunctionalInterface
    private interface Making {
        Node make();
    }

    private Entry born(
            final Caller caller, final EntryName name, final Newborn newborn, final long moment, final Making making) {
        try {
            final Node made =
                    mount.once(caller, Doing.MAKE, making::make, earlier -> nodes.now(earlier.inode(), Doing.MAKE)
                            .orElseThrow(Errno.ESTALE::exception));
            if (!newborn.hasAcls()) {
                mount.memory().keep(made.inode(), XattrFacts.NONE, moment);
            }
            return answers.changed(name, withAcls(made, newborn), moment);
        } catch (final PosixException failed) {
            mount.memory().nameChanged(name);
            throw failed;
        } finally {
            mount.memory().nodeChanged(name.parent());
        }
    }

    private Node withAcls(final Node made, final Newborn newborn) {
        if (!newborn.hasAcls()) {
            return made;
        }
        newborn.access().ifPresent(acl -> set(made.inode(), XattrFacts.ACCESS_ACL, acl));
        newborn.inherited().ifPresent(acl -> set(made.inode(), XattrFacts.DEFAULT_ACL, acl));
        return mount.patience()
                .query(Doing.ATTRIBUTES, () -> mount.inodes().find(made.inode()))
                .orElse(made);
    }

    private void set(final long inode, final Key name, final PosixAcl acl) {
        mount.patience()
                .repeatable(Doing.XATTR, () -> mount.inodes().setXattr(inode, name, acl.toByteArray(), XattrMode.ANY));
    }

    /**
     * A file that was made.
     *
     * @param file open, unless an earlier process has made it
     */
    record MadeFile(Entry entry, Optional<OpenFile> file) {}

    /** Makes a file and opens it; {@code EEXIST} where the name is taken. */
    MadeFile create(final Caller caller, final EntryName name, final int mode) {
        final Newborn newborn = newborn(caller, name, NodeType.FILE, mode, 0, Key.EMPTY);
        final long moment = mount.memory().now();
        final List<OpenFile> opened = new ArrayList<>(1);
        boolean done = false;
        try {
            final Entry entry = born(caller, name, newborn, moment, () -> {
                opened.add(mount.inodes().create(name.parent(), name.name(), newborn.node(), true));
                return opened.getFirst().node();
            });
            done = true;
            return new MadeFile(entry, opened.stream().findFirst());
        } finally {
            if (!done) {
                opened.forEach(OpenFile::close);
            }
        }
    }
}
