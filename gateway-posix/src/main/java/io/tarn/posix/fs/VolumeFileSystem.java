package io.tarn.posix.fs;

import io.tarn.client.CommandTrail;
import io.tarn.client.Key;
import io.tarn.client.NodeType;
import io.tarn.client.Principal;
import io.tarn.client.TarnClient;
import io.tarn.posix.journal.MountJournal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A volume, or a directory in it, as a file system. Here numbers that callers use become the cluster's; the operations stand in classes of
 * their own, by subject.
 *
 * <p>Each file system needs a client of its own, with a session of its own: what comes from that session is taken to be known to the
 * mount's kernel, and what comes from any other not. Thread-safe; one virtual thread of its own follows changes.
 */
public final class VolumeFileSystem implements FileSystem {
    /** There where the kernel has SELinux and uses it. */
    private static final Path SELINUX = Path.of("/sys/fs/selinux");

    private final MountPoint mount;
    private final OpenFiles open;
    private final NameOperations names;
    private final Births births;
    private final AttributeOperations attributes;
    private final XattrOperations xattrs;
    private final FileOperations files;
    private final RangeOperations ranges;
    private final DirectoryOperations directories;
    private final LockOperations locks;
    private final ChangeFollower follower;
    private final AtomicReference<Optional<Invalidation>> kernel = new AtomicReference<>(Optional.empty());

    private VolumeFileSystem(final MountPoint mount, final TarnClient client, final LongSupplier session) {
        this.mount = mount;
        final InstantSource clock = InstantSource.system();
        final HandleNumbers numbers = new HandleNumbers(clock);
        final RootSquash squash = new RootSquash(mount.options());
        final Answers answers = new Answers(mount);
        this.open = new OpenFiles(mount, numbers, clock);
        final NodeReader nodes = new NodeReader(mount, open);
        this.names = new NameOperations(mount, nodes, answers, squash);
        this.births = new Births(mount, nodes, answers, squash);
        this.attributes = new AttributeOperations(mount, nodes, answers, squash);
        this.xattrs = new XattrOperations(mount, nodes, squash, Files.isDirectory(SELINUX));
        this.locks = new LockOperations(mount);
        this.files = new FileOperations(mount, open, nodes, names, births, attributes, answers, squash, locks, kernel);
        this.ranges = new RangeOperations(mount, open, attributes, squash);
        this.directories = new DirectoryOperations(mount, nodes, answers, squash, numbers);
        this.follower = new ChangeFollower(client.changes(), session, mount, kernel);
    }

    /**
     * Begins to serve a volume or directory.
     *
     * @param client used by this file system alone; stays open when it is closed
     * @param session id under which the client's changes appear in the change feed
     * @param owner on whose behalf
     * @throws io.tarn.core.StorageException {@code NOT_FOUND}, {@code NOT_A_DIRECTORY}
     */
    public static VolumeFileSystem of(
            final TarnClient client,
            final LongSupplier session,
            final MountTarget target,
            final Principal owner,
            final MountOptions options) {
        return of(client, session, target, owner, options, MountJournal.none(), (shard, sequence) -> Optional.empty());
    }

    /**
     * The same, going on where an earlier process of the mount stopped or was killed: its handles are opened again, and what was written through them is
     * written again, before this returns.
     *
     * @param journal of the mount, which nobody else works with any more; empty for the mount's first process
     * @param outcomes of commands of the session so far, none of which was this client's
     */
    public static VolumeFileSystem of(
            final TarnClient client,
            final LongSupplier session,
            final MountTarget target,
            final Principal owner,
            final MountOptions options,
            final MountJournal journal,
            final CommandTrail.Outcomes outcomes) {
        final MountTarget.Place place = target.find(client);
        final MountPoint mount = new MountPoint(
                client.inodes().from(new io.tarn.client.Caller(owner.qualifiedName(), Optional.empty())),
                client.delegations(),
                client.locks(),
                place.volume(),
                owner.qualifiedName(),
                options,
                new Numbers(place.directory()),
                new Patience(options.patience()),
                new Memory(options),
                journal);
        journal.requests().resolve(outcomes);
        final VolumeFileSystem made = new VolumeFileSystem(mount, client, session);
        made.inherit();
        made.follower.start();
        if (options.delegations() && !options.readOnly()) {
            client.delegations().use(place.volume(), made::lost);
        }
        return made;
    }

    private void inherit() {
        mount.journal()
                .records()
                .committing(inode -> open.using(inode, file -> {
                    file.commit();
                    return true;
                }));
        open.inherit();
    }

    @Override
    public void answered(final long request) {
        mount.journal().requests().answered(request);
    }

    /** Something in a directory that was answered did not come about. */
    private void lost(final long directory) {
        mount.memory().forgetIn(directory, kernel.get().orElse(Invalidation.NOBODY), mount.numbers());
    }

    private long inode(final long shown) {
        return mount.numbers().inode(shown);
    }

    private EntryName entry(final long parent, final Key name) {
        return new EntryName(inode(parent), name);
    }

    @Override
    public Entry lookup(final Caller caller, final long parent, final Key name) {
        return names.lookup(caller, entry(parent, name));
    }

    /** Nothing to be done: numbers are the cluster's, and memory is bounded by itself. */
    @Override
    public void forget(final long inode, final long lookups) {}

    @Override
    public AttributeAnswer attributes(final Caller caller, final long inode) {
        return attributes.get(inode(inode));
    }

    @Override
    public AttributeAnswer setAttributes(final Caller caller, final long inode, final AttributeWish wish) {
        return attributes.set(caller, inode(inode), wish);
    }

    @Override
    public Key readLink(final Caller caller, final long inode) {
        return attributes.readLink(inode(inode));
    }

    @Override
    public Entry makeNode(final Caller caller, final long parent, final Key name, final int mode, final int device) {
        return births.make(caller, entry(parent, name), Modes.typeOf(mode), mode, device, Key.EMPTY);
    }

    @Override
    public Entry makeDirectory(final Caller caller, final long parent, final Key name, final int mode) {
        return births.make(caller, entry(parent, name), NodeType.DIRECTORY, mode, 0, Key.EMPTY);
    }

    @Override
    public Entry makeSymlink(final Caller caller, final long parent, final Key name, final Key target) {
        if (target.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        return births.make(caller, entry(parent, name), NodeType.SYMLINK, Modes.ALL_RIGHTS, 0, target);
    }

    @Override
    public Entry link(final Caller caller, final long inode, final long newParent, final Key newName) {
        return names.link(caller, inode(inode), entry(newParent, newName));
    }

    @Override
    public void unlink(final Caller caller, final long parent, final Key name) {
        names.unlink(caller, entry(parent, name));
    }

    @Override
    public void removeDirectory(final Caller caller, final long parent, final Key name) {
        names.removeDirectory(caller, entry(parent, name));
    }

    @Override
    public void rename(
            final Caller caller,
            final long parent,
            final Key name,
            final long newParent,
            final Key newName,
            final int flags) {
        names.rename(caller, entry(parent, name), entry(newParent, newName), flags);
    }

    @Override
    public Opened open(final Caller caller, final long inode, final int flags) {
        return files.open(caller, inode(inode), flags);
    }

    @Override
    public Created create(final Caller caller, final long parent, final Key name, final int mode, final int flags) {
        return files.create(caller, entry(parent, name), mode, flags);
    }

    @Override
    public int read(final long inode, final long handle, final long offset, final ByteBuffer target) {
        return files.read(inode(inode), handle, offset, target);
    }

    @Override
    public int write(
            final Caller caller,
            final long inode,
            final long handle,
            final long offset,
            final ByteBuffer bytes,
            final boolean dropPrivileges) {
        return files.write(caller, inode(inode), handle, offset, bytes, dropPrivileges);
    }

    @Override
    public void flush(final Caller caller, final long inode, final long handle, final long lockOwner) {
        files.flush(inode(inode), handle, lockOwner);
    }

    @Override
    public void release(final long inode, final long handle, final long flockOwner) {
        files.release(inode(inode), handle, flockOwner);
    }

    /** Data and attributes are committed together. */
    @Override
    public void sync(final long inode, final long handle, final boolean dataOnly) {
        files.sync(inode(inode), handle);
        mount.flush();
    }

    @Override
    public Opened openDirectory(final Caller caller, final long inode) {
        return directories.open(caller, inode(inode));
    }

    @Override
    public void readDirectory(
            final Caller caller, final long inode, final long handle, final long offset, final DirectorySink sink) {
        directories.read(inode(inode), handle, offset, sink);
    }

    @Override
    public void releaseDirectory(final long inode, final long handle) {
        directories.release(handle);
    }

    /** Names that are written behind are committed; others are when the call that changed them returns. */
    @Override
    public void syncDirectory(final long inode, final long handle) {
        mount.flush();
    }

    @Override
    public FileSystemStatistics statistics(final long inode) {
        return attributes.statistics();
    }

    @Override
    public byte[] xattr(final Caller caller, final long inode, final Key name) {
        return xattrs.get(inode(inode), name);
    }

    @Override
    public List<Key> xattrs(final Caller caller, final long inode) {
        return xattrs.list(inode(inode));
    }

    @Override
    public void setXattr(final Caller caller, final long inode, final Key name, final byte[] value, final int flags) {
        xattrs.set(caller, inode(inode), name, value, flags);
    }

    @Override
    public void removeXattr(final Caller caller, final long inode, final Key name) {
        xattrs.remove(caller, inode(inode), name);
    }

    @Override
    public LockWish testLock(final long inode, final long handle, final LockWish wish) {
        return locks.test(inode(inode), wish);
    }

    @Override
    public void lock(final long inode, final long handle, final LockWish wish, final boolean wait) {
        locks.lock(inode(inode), wish, wait);
    }

    @Override
    public void allocate(
            final Caller caller,
            final long inode,
            final long handle,
            final int mode,
            final long offset,
            final long length) {
        ranges.allocate(caller, inode(inode), handle, mode, offset, length);
    }

    @Override
    public long seek(final long inode, final long handle, final long offset, final int whence) {
        return ranges.seek(inode(inode), handle, offset, whence);
    }

    @Override
    public long copyRange(
            final Caller caller,
            final long inode,
            final long handle,
            final long offset,
            final long toInode,
            final long toHandle,
            final long toOffset,
            final long length) {
        return ranges.copy(caller, inode(inode), handle, offset, inode(toInode), toHandle, toOffset, length);
    }

    @Override
    public void invalidate(final Invalidation told) {
        kernel.set(Optional.of(told));
        follower.listened();
    }

    /**
     * Stops for a later process of the mount, which finds in the journal what is open: nothing is let go, and what is written is committed as far as that is
     * possible now. Nothing must be asked of this file system any more; then the client is to leave its session, without ending it.
     */
    public void leave() {
        follower.close();
        open.commit();
    }

    @Override
    public void close() {
        follower.close();
        open.close();
        mount.delegations().leave(mount.volume());
    }
}
