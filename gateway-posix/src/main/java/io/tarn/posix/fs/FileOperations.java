package io.tarn.posix.fs;

import io.tarn.client.CommandTrail;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.OpenFile;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.journal.RequestSlots;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Opens, reads, writes and closes files. What is written is gathered by the client and committed at flush and sync.
 *
 * <p>Cost: a write is a copy to the client's memory; an open for reading is two look-ups; the first open for writing is a commit, and so is a
 * flush where something was written, or else the last close. A file that is made, written and closed is two commits. Thread-safe.
 */
final class FileOperations {
    /** Races for one name that are lost before a caller hears of it. */
    private static final int ATTEMPTS_MAX = 16;

    private final MountPoint mount;
    private final OpenFiles files;
    private final NodeReader nodes;
    private final NameOperations names;
    private final Births births;
    private final AttributeOperations attributes;
    private final Answers answers;
    private final RootSquash squash;
    private final FileReader reader;
    private final LockOperations locks;
    private final AtomicReference<Optional<Invalidation>> kernel;

    FileOperations(
            final MountPoint mount,
            final OpenFiles files,
            final NodeReader nodes,
            final NameOperations names,
            final Births births,
            final AttributeOperations attributes,
            final Answers answers,
            final RootSquash squash,
            final LockOperations locks,
            final AtomicReference<Optional<Invalidation>> kernel) {
        this.mount = mount;
        this.files = files;
        this.nodes = nodes;
        this.names = names;
        this.births = births;
        this.attributes = attributes;
        this.answers = answers;
        this.squash = squash;
        this.locks = locks;
        this.reader = new FileReader(mount, nodes);
        this.kernel = kernel;
    }

    Opened open(final Caller caller, final long inode, final int flags) {
        try {
            return openNow(caller, inode, flags);
        } catch (final PosixException failed) {
            if (failed.errno() == Errno.ESTALE) {
                // The kernel looks the name up again, once: not to be sent here another time by what is remembered.
                mount.memory().way(inode).ifPresent(name -> mount.memory().nameChanged(name));
                mount.memory().nodeChanged(inode);
            }
            throw failed;
        }
    }

    private Opened openNow(final Caller caller, final long inode, final int flags) {
        if (OpenFlags.writes(flags) || OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
            mount.requireWritable();
        }
        // Known before the look at the inode: the kernel came here past a name that it was told is gone, through
        // a descriptor, or it still has to be told.
        final boolean nameless = mount.memory().isUnlinked(inode);
        final long moment = mount.memory().now();
        final FileHandle handle = files.open(mount.request(caller), inode, flags);
        boolean opened = false;
        try {
            final Node node = fresh(handle, moment);
            if (node.links() == 0 && !nameless) {
                // The name leads elsewhere by now, perhaps; the kernel looks it up again.
                throw Errno.ESTALE.exception();
            }
            requireRights(caller, node, flags);
            if (OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
                truncate(caller, handle);
            }
            final boolean keep = keepsPages(handle, node, moment);
            opened = true;
            return opened(handle, keep);
        } finally {
            if (!opened) {
                files.release(handle.number());
            }
        }
    }

    /** The inode as it is in the storage now: close-to-open does not rest on the change feed. */
    private Node fresh(final FileHandle handle, final long moment) {
        final long inode = handle.inode().inode();
        final Optional<Node> remembered = mount.memory().node(inode);
        final Node node =
                handle.atOpening().or(() -> nodes.now(inode, Doing.OPEN)).orElseThrow(Errno.ESTALE::exception);
        if (node.type() != NodeType.FILE) {
            throw node.isDirectory() ? Errno.EISDIR.exception() : Errno.ENXIO.exception();
        }
        mount.memory().keep(node, moment);
        if (remembered.filter(known -> known.generation() == node.generation()).isEmpty()) {
            // the follower of changes may have said so, but nobody knows whether the kernel has heard it
            kernel.get().ifPresent(told -> told.attributesAtOnce(mount.numbers().shown(inode)));
        }
        return node;
    }

    private void requireRights(final Caller caller, final Node node, final int flags) {
        final int access = flags & OpenFlags.ACCESS_MODE;
        final int read = access == OpenFlags.WRITE_ONLY ? 0 : RootSquash.READ;
        squash.require(caller, node, read | (OpenFlags.writes(flags) ? RootSquash.WRITE : 0));
    }

    private void truncate(final Caller caller, final FileHandle handle) {
        if (!squash.isPrivileged(caller)) {
            attributes.dropPrivileges(handle.inode().inode());
        }
        handle.inode().changingAll(() -> handle.inode().file().truncate(0), node -> true);
    }

    /**
     * Whether the kernel's pages of a file show what it holds. If not it drops them with the answer, and they do from when it has taken that: another
     * one who opens the file before must not be told to keep them.
     */
    private boolean keepsPages(final FileHandle handle, final Node node, final long moment) {
        final boolean keep = mount.memory()
                .pagesOf(node.inode())
                .filter(generation -> generation == node.contentGeneration())
                .isPresent();
        if (!keep) {
            handle.atFirstUse(() -> mount.memory().pagesAre(node.inode(), node.contentGeneration(), moment));
        }
        return keep;
    }

    /** The kernel would put appended bytes into its pages where it believes the end to be. */
    private static Opened opened(final FileHandle handle, final boolean keep) {
        return new Opened(handle.number(), keep, handle.appends() || HandleNumbers.isDirect(handle.number()));
    }

    FileSystem.Created create(final Caller caller, final EntryName name, final int mode, final int flags) {
        final Optional<FileSystem.Created> earlier = created(caller, name);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        for (int attempt = 1; ; attempt++) {
            try {
                final long moment = mount.memory().now();
                final Births.MadeFile made = births.create(caller, name, mode);
                final FileHandle handle =
                        made.file().map(file -> adopt(caller, file, flags)).orElseGet(() -> openMade(caller, flags));
                // there are no pages that could be bad: what this kernel writes is what they will show
                mount.memory().pagesAre(handle.inode().inode(), 0, moment);
                return new FileSystem.Created(made.entry(), opened(handle, false));
            } catch (final PosixException taken) {
                if (taken.errno() != Errno.EEXIST
                        || OpenFlags.has(flags, OpenFlags.EXCLUSIVE)
                        || attempt == ATTEMPTS_MAX) {
                    throw taken;
                }
            }
            final Optional<FileSystem.Created> existing = openExisting(caller, name, flags);
            if (existing.isPresent()) {
                return existing.get();
            }
        }
    }

    /** What an earlier process has made or opened, handle and all, and not answered. */
    private Optional<FileSystem.Created> created(final Caller caller, final EntryName name) {
        final RequestSlots.Slot request = mount.request(caller);
        return files.inodeOf(request).map(inode -> {
            final long moment = mount.memory().now();
            final Entry entry =
                    answers.read(name, nodes.now(inode, Doing.OPEN).orElseThrow(Errno.ESTALE::exception), moment);
            return new FileSystem.Created(entry, opened(files.handle(inode, request.handle()), false));
        });
    }

    private FileHandle openMade(final Caller caller, final int flags) {
        final RequestSlots.Slot request = mount.request(caller);
        return files.openMade(request, request.outcome().orElseThrow().inode(), flags);
    }

    private FileHandle adopt(final Caller caller, final OpenFile file, final int flags) {
        boolean adopted = false;
        try {
            final FileHandle handle = files.adopt(mount.request(caller), file, flags);
            adopted = true;
            return handle;
        } finally {
            if (!adopted) {
                file.close();
            }
        }
    }

    /** Empty when the name has gone again. */
    private Optional<FileSystem.Created> openExisting(final Caller caller, final EntryName name, final int flags) {
        final long moment = mount.memory().now();
        try {
            final Node node = names.require(name);
            if (node.isDirectory()) {
                throw Errno.EISDIR.exception();
            }
            if (node.type() != NodeType.FILE) {
                // The kernel follows links and opens devices itself, once it knows of them.
                mount.memory().nameChanged(name);
                throw Errno.ESTALE.exception();
            }
            final Opened opened = open(caller, node.inode(), flags);
            final Entry entry = answers.read(name, nodes.require(node.inode()), moment);
            return Optional.of(new FileSystem.Created(entry, opened));
        } catch (final PosixException failed) {
            if (failed.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    int read(final long inode, final long number, final long offset, final ByteBuffer target) {
        final FileHandle handle = files.handle(inode, number);
        handle.used();
        return reader.read(handle, offset, target);
    }

    int write(
            final Caller caller,
            final long inode,
            final long number,
            final long offset,
            final ByteBuffer bytes,
            final boolean dropPrivileges) {
        mount.requireWritable();
        final FileHandle handle = files.writing(inode, number);
        handle.used();
        if (dropPrivileges) {
            attributes.dropPrivileges(inode);
        }
        final int count = bytes.remaining();
        if (!handle.appends()) {
            handle.write(offset, bytes);
            return count;
        }
        final RequestSlots.Slot request = mount.request(caller);
        final long at =
                request.outcome().map(CommandTrail.Outcome::offset).orElseGet(() -> handle.append(request, bytes));
        if (at != offset) {
            // Others have appended too: the kernel has the wrong end.
            kernel.get().ifPresent(told -> told.inode(mount.numbers().shown(inode), Math.min(at, offset), 0));
        }
        return count;
    }

    void flush(final long inode, final long number, final long lockOwner) {
        final boolean inherited = files.isInherited(inode, number);
        final FileHandle handle = files.handle(inode, number);
        try {
            if (handle.writes()) {
                handle.flush();
            }
        } finally {
            locks.releaseBytes(inode, lockOwner, inherited);
        }
    }

    void release(final long inode, final long number, final long flockOwner) {
        final boolean inherited = files.isInherited(inode, number);
        try {
            if (flockOwner != 0) {
                locks.releaseWhole(inode, flockOwner, inherited);
            }
        } finally {
            files.release(number);
        }
    }

    void sync(final long inode, final long number) {
        files.handle(inode, number).commit();
    }
}
