package io.tarn.posix.fs;

import io.tarn.client.OpenFile;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptors of a mount by number, and the files they are open on; each file is open once in the storage, however many descriptors it
 * has, for reading until one of them writes. A number that is not known is one of this mount's earlier process: the file is opened again under it.
 *
 * <p>Thread-safe. Opening a file for writing that no descriptor writes to is a commit, closing it for good one where its last flush was none; both are
 * under a lock of that file's stripe.
 */
final class OpenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    private static final int STRIPES = 256;

    private final MountPoint mount;
    private final Map<Long, FileHandle> handles = new ConcurrentHashMap<>();
    private final Map<Long, OpenInode> inodes = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final HandleNumbers numbers;
    private final InstantSource clock;

    OpenFiles(final MountPoint mount, final HandleNumbers numbers, final InstantSource clock) {
        this.mount = mount;
        this.numbers = numbers;
        this.clock = clock;
        for (int at = 0; at < STRIPES; at++) {
            stripes[at] = new ReentrantLock();
        }
    }

    private <T> T locked(final long inode, final Supplier<T> action) {
        final ReentrantLock lock = stripes[Math.floorMod(Long.hashCode(inode), STRIPES)];
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** The file, if this mount has it open. */
    Optional<OpenInode> ofInode(final long inode) {
        return Optional.ofNullable(inodes.get(inode));
    }

    FileHandle open(final long inode, final int flags) {
        final boolean writing = OpenFlags.writes(flags) || OpenFlags.has(flags, OpenFlags.TRUNCATE);
        return register(inode, numbers.next(flags), () -> opened(inode, writing));
    }

    private OpenInode opened(final long inode, final boolean writing) {
        final OpenInode there = inodes.get(inode);
        if (there == null) {
            return new OpenInode(file(inode, writing), writing, mount, clock);
        }
        if (writing && !there.isWritable()) {
            there.upgrade(file(inode, /* writing= */ true));
        }
        return there;
    }

    private OpenFile file(final long inode, final boolean writing) {
        return writing
                ? mount.patience().once(Doing.OPEN, () -> mount.inodes(inode).open(inode))
                : mount.patience().query(Doing.OPEN, () -> mount.inodes(inode).openForReading(inode));
    }

    /** Takes over a file that was made and opened. */
    FileHandle adopt(final OpenFile file, final int flags) {
        return register(file.inode(), numbers.next(flags), () -> adopted(file));
    }

    private OpenInode adopted(final OpenFile file) {
        final OpenInode there = inodes.get(file.inode());
        if (there == null) {
            return new OpenInode(file, /* writable= */ true, mount, clock);
        }
        if (there.isWritable()) {
            file.close();
        } else {
            there.upgrade(file);
        }
        return there;
    }

    private FileHandle register(final long inode, final long number, final Supplier<OpenInode> opening) {
        if (count.incrementAndGet() > mount.options().openFilesMax()) {
            count.decrementAndGet();
            throw Errno.ENFILE.exception();
        }
        boolean registered = false;
        try {
            final FileHandle handle = locked(inode, () -> {
                final FileHandle known = handles.get(number);
                if (known != null) {
                    count.decrementAndGet();
                    return known;
                }
                final OpenInode open = opening.get();
                inodes.put(inode, open);
                open.descriptors++;
                final FileHandle made = new FileHandle(number, open);
                open.writersChange(made.writes() ? 1 : 0);
                handles.put(number, made);
                return made;
            });
            registered = true;
            return handle;
        } finally {
            if (!registered) {
                count.decrementAndGet();
            }
        }
    }

    /** The descriptor of a number. */
    FileHandle handle(final long inode, final long number) {
        final FileHandle known = handles.get(number);
        if (known == null) {
            return register(inode, number, () -> opened(inode, HandleNumbers.writes(number)));
        }
        if (known.inode().inode() != inode) {
            throw Errno.EBADF.exception();
        }
        return known;
    }

    boolean isKnown(final long number) {
        return handles.containsKey(number);
    }

    /** Lets a descriptor go; the file, with its last. */
    void release(final long number) {
        final FileHandle handle = handles.remove(number);
        if (handle == null) {
            return;
        }
        count.decrementAndGet();
        final OpenInode inode = handle.inode();
        locked(inode.inode(), () -> {
            inode.descriptors--;
            inode.writersChange(handle.writes() ? -1 : 0);
            if (inode.descriptors == 0) {
                inodes.remove(inode.inode());
                close(inode);
            }
            return true;
        });
    }

    /** Nobody is left to be told of a failure: whoever wanted to know has flushed. */
    private void close(final OpenInode inode) {
        try {
            mount.patience().once(Doing.DATA, () -> {
                try {
                    inode.close();
                } catch (final StorageException failed) {
                    LOG.warn("inode {} did not close well: {}", inode.inode(), failed.getMessage());
                }
            });
        } finally {
            if (inode.isWritable() || !isNamed(inode.inode())) {
                mount.memory().nodeChanged(inode.inode());
            }
        }
    }

    /** Whether it is known to live on without descriptors. No more is put into memory from here: the file is not in the table any more. */
    private boolean isNamed(final long inode) {
        return mount.memory().node(inode).filter(node -> node.links() > 0).isPresent();
    }

    /** Commits what is written to all; what fails is told to those who ask, as ever. */
    void commit() {
        inodes.values().forEach(OpenInode::commit);
    }

    /** Lets all go. */
    void close() {
        new ArrayList<>(handles.keySet()).forEach(this::release);
    }
}
