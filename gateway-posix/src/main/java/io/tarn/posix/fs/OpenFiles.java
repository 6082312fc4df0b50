package io.tarn.posix.fs;

import io.tarn.client.Inodes;
import io.tarn.client.OpenFile;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.journal.HandleSlots;
import io.tarn.posix.journal.RecordRing;
import io.tarn.posix.journal.RequestSlots;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptors of a mount by number, and the files they are open on; each file is open once in the storage, however many descriptors it
 * has, for reading until one of them writes. Handles of this mount's earlier process are taken over from the journal; a number that is not known is
 * one that the journal had no place for, and the file is opened again under it.
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

    /** The file, if this mount has it open at this moment; to work with it, see {@link #using}. */
    Optional<OpenInode> ofInode(final long inode) {
        return Optional.ofNullable(inodes.get(inode));
    }

    /** @param request that asks for it */
    FileHandle open(final RequestSlots.Slot request, final long inode, final int flags) {
        final boolean writing = OpenFlags.writes(flags) || OpenFlags.has(flags, OpenFlags.TRUNCATE);
        final Optional<FileHandle> earlier = earlier(request, inode);
        earlier.filter(handle -> writing).ifPresent(handle -> upgraded(handle.inode()));
        return earlier.orElseGet(() -> register(inode, number(request, flags), () -> opened(inode, writing)));
    }

    private long number(final RequestSlots.Slot request, final int flags) {
        final long number = numbers.next(flags);
        request.handle(number);
        return number;
    }

    /** The handle that an earlier process has opened for a request that it did not answer. */
    private Optional<FileHandle> earlier(final RequestSlots.Slot request, final long inode) {
        return Optional.ofNullable(handles.get(request.handle()))
                .filter(handle -> handle.inode().inode() == inode);
    }

    /** The inode on which an earlier process has opened a handle for a request that it did not answer. */
    Optional<Long> inodeOf(final RequestSlots.Slot request) {
        return Optional.ofNullable(handles.get(request.handle()))
                .map(handle -> handle.inode().inode());
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
    FileHandle adopt(final RequestSlots.Slot request, final OpenFile file, final int flags) {
        return register(file.inode(), number(request, flags), () -> adopted(file));
    }

    /** Opens a file that an earlier process has made and opened, without a handle. */
    FileHandle openMade(final RequestSlots.Slot request, final long inode, final int flags) {
        return register(inode, number(request, flags), () -> {
            final OpenInode open = inodes.containsKey(inode) ? opened(inode, true) : reopened(inode);
            if (!open.isWritable()) {
                open.upgrade(file(inode, /* writing= */ true));
            }
            return open;
        });
    }

    /** As this mount's session has it open through an earlier process, or else for reading. */
    private OpenInode reopened(final long inode) {
        final Optional<Inodes.Reopened> found =
                mount.patience().query(Doing.OPEN, () -> mount.inodes(inode).reopen(inode));
        return found.map(open -> new OpenInode(open.file(), open.writing(), mount, clock))
                .orElseGet(() -> new OpenInode(file(inode, /* writing= */ false), false, mount, clock));
    }

    /**
     * Takes over what an earlier process of the mount has left in the journal: its handles, and what was written through them; before anything is
     * served. What another has removed meanwhile is gone.
     */
    void inherit() {
        final Map<Long, List<HandleSlots.Kept>> left = new LinkedHashMap<>();
        mount.journal().handles().inherited().forEach(handle -> left.computeIfAbsent(
                        handle.inode(), inode -> new ArrayList<>())
                .add(handle));
        left.forEach(this::inherit);
        final Set<Long> written = new LinkedHashSet<>();
        for (final RecordRing.Kept record : mount.journal().records().inherited()) {
            try {
                final boolean there = using(record.inode(), open -> {
                            upgraded(open);
                            open.replay(record);
                            return true;
                        })
                        .orElse(false);
                if (there) {
                    written.add(record.inode());
                    continue;
                }
                LOG.warn("what was written to inode {} is lost: nobody has it open", record.inode());
            } catch (final PosixException gone) {
                LOG.warn("what was written to inode {} is lost: {}", record.inode(), gone.errno());
            }
            record.entry().over();
        }
        written.forEach(this::settle);
    }

    /** The times that were shown, perhaps, are those that the commit is to give. */
    private void settle(final long inode) {
        try {
            using(inode, open -> mount.patience().query(Doing.DATA, open::settled));
        } catch (final PosixException gone) {
            LOG.warn("inode {} that was written to is gone: {}", inode, gone.errno());
        }
    }

    private void inherit(final long inode, final List<HandleSlots.Kept> left) {
        try {
            locked(inode, () -> {
                final OpenInode open = reopened(inode);
                open.inherit();
                inodes.put(inode, open);
                left.forEach(handle -> {
                    numbers.follow(handle.number());
                    count.incrementAndGet();
                    add(new FileHandle(handle.number(), open, handle.slot(), Errno.of(handle.untold())));
                });
                return true;
            });
        } catch (final PosixException gone) {
            LOG.warn("inode {} cannot be opened again for {} handles: {}", inode, left.size(), gone.errno());
            left.forEach(handle -> handle.slot().close());
        }
    }

    private FileHandle add(final FileHandle handle) {
        handle.inode().descriptors++;
        handle.inode().writersChange(handle.writes() ? 1 : 0);
        handles.put(handle.number(), handle);
        return handle;
    }

    private void upgraded(final OpenInode open) {
        if (!open.isWritable()) {
            locked(open.inode(), () -> opened(open.inode(), true));
        }
    }

    /**
     * Does something with a file, if this mount has it open; it stays open meanwhile, whatever handles are let go. What is thrown is passed
     * on.
     */
    <T> Optional<T> using(final long inode, final Function<OpenInode, T> use) {
        if (!inodes.containsKey(inode)) {
            return Optional.empty();
        }
        final Optional<OpenInode> kept = locked(inode, () -> {
            final Optional<OpenInode> there = ofInode(inode);
            there.ifPresent(open -> open.descriptors++);
            return there;
        });
        try {
            return kept.map(use);
        } finally {
            kept.ifPresent(open -> locked(inode, () -> letGo(open)));
        }
    }

    /** Called under the inode's stripe. */
    private boolean letGo(final OpenInode open) {
        open.descriptors--;
        if (open.descriptors == 0) {
            inodes.remove(open.inode());
            close(open);
        }
        return true;
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
            final FileHandle handle = locked(inode, () -> registered(inode, number, opening));
            registered = true;
            return handle;
        } finally {
            if (!registered) {
                count.decrementAndGet();
            }
        }
    }

    /** Noted before the file is opened, so that a later process lets it go if this one cannot. */
    private FileHandle registered(final long inode, final long number, final Supplier<OpenInode> opening) {
        final FileHandle known = handles.get(number);
        if (known != null) {
            count.decrementAndGet();
            return known;
        }
        final HandleSlots.Slot slot = mount.journal().handles().open(number, inode);
        boolean opened = false;
        try {
            final OpenInode open = opening.get();
            inodes.put(inode, open);
            opened = true;
            return add(new FileHandle(number, open, slot, Optional.empty()));
        } finally {
            if (!opened) {
                slot.close();
            }
        }
    }

    /** The descriptor of a number. */
    FileHandle handle(final long inode, final long number) {
        final FileHandle known = handles.get(number);
        if (known == null) {
            final FileHandle made = register(inode, number, () -> opened(inode, HandleNumbers.writes(number)));
            made.inode().inherit();
            return made;
        }
        if (known.inode().inode() != inode) {
            throw Errno.EBADF.exception();
        }
        return known;
    }

    /** The descriptor of a number, to write through it; {@code EBADF} for one that does not write. */
    FileHandle writing(final long inode, final long number) {
        final FileHandle handle = handle(inode, number);
        if (!handle.writes()) {
            throw Errno.EBADF.exception();
        }
        upgraded(handle.inode());
        return handle;
    }

    /** Whether locks of a file may have been taken by an earlier process. */
    boolean isInherited(final long inode, final long number) {
        return !handles.containsKey(number)
                || ofInode(inode).map(OpenInode::isInherited).orElse(true);
    }

    /** Lets a descriptor go; the file, with its last. */
    void release(final long number) {
        final FileHandle handle = handles.remove(number);
        if (handle == null) {
            return;
        }
        count.decrementAndGet();
        handle.used();
        final OpenInode inode = handle.inode();
        locked(inode.inode(), () -> {
            inode.writersChange(handle.writes() ? -1 : 0);
            return letGo(inode);
        });
        handle.close();
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

    /** Commits what is written to any; what cannot be committed stays in the journal. */
    void commit() {
        new ArrayList<>(inodes.keySet())
                .forEach(inode -> using(inode, open -> {
                    open.commit();
                    return true;
                }));
    }

    /** Lets all go. */
    void close() {
        new ArrayList<>(handles.keySet()).forEach(this::release);
    }
}
