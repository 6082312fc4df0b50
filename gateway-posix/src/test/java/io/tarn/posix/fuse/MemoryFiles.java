package io.tarn.posix.fuse;

import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.Opened;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Contents and attributes of {@link MemoryFileSystem}. A handle is the flags its file was opened with, so any process understands it. */
class MemoryFiles {
    private static final int S_ISUID = 0x800;
    private static final int S_ISGID = 0x400;
    private static final int GROUP_MAY_EXECUTE = 0x8;
    private static final int O_TRUNC = 0x200;
    private static final int O_APPEND = 0x400;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int SEEK_DATA = 3;
    private static final long LARGEST_BYTES = 1 << 30;

    final Map<Long, MemoryNode> nodes;
    private final ReentrantLock lock;
    /** Whether reads and writes go past the kernel's page cache. */
    volatile boolean direct;

    MemoryFiles(final Map<Long, MemoryNode> nodes, final ReentrantLock lock) {
        this.nodes = nodes;
        this.lock = lock;
    }

    final <T> T locked(final Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    final MemoryNode node(final long inode) {
        final MemoryNode node = nodes.get(inode);
        if (node == null) {
            throw Errno.ESTALE.exception();
        }
        return node;
    }

    final void dropIfUnused(final MemoryNode node) {
        if (node.links == 0 && node.opens == 0) {
            nodes.remove(node.number);
        }
    }

    final void apply(final Caller caller, final MemoryNode node, final AttributeWish wish) {
        wish.mode().ifPresent(mode -> node.mode = (node.mode & ~0xFFF) | mode);
        final boolean lacksGroup = caller.uid() != 0 && !caller.isIn(node.gid);
        if (wish.mode().isPresent() && lacksGroup) {
            node.mode &= ~S_ISGID;
        }
        wish.uid().ifPresent(uid -> node.uid = uid);
        wish.gid().ifPresent(gid -> node.gid = gid);
        if (wish.size().isPresent()) {
            final long size = wish.size().getAsLong();
            if (size > LARGEST_BYTES) {
                throw Errno.EFBIG.exception();
            }
            node.resize(size);
            node.touch();
        }
        if (wish.dropPrivileges() || wish.uid().isPresent() || wish.gid().isPresent()) {
            dropPrivileges(node);
        }
        node.accessed = time(wish.accessed(), node.accessed);
        node.modified = time(wish.modified(), node.modified);
        node.changed = MemoryNode.now();
    }

    private static long time(final AttributeWish.Time wish, final long present) {
        return switch (wish) {
            case final AttributeWish.Omit omit -> present;
            case final AttributeWish.Now now -> MemoryNode.now();
            case final AttributeWish.At at -> at.nanos();
        };
    }

    private static void dropPrivileges(final MemoryNode node) {
        if (!node.isDirectory()) {
            node.mode &= ~S_ISUID & ((node.mode & GROUP_MAY_EXECUTE) != 0 ? ~S_ISGID : -1);
        }
    }

    public Opened open(final Caller caller, final long inode, final int flags) {
        return locked(() -> {
            final MemoryNode node = node(inode);
            if ((flags & O_TRUNC) != 0) {
                node.resize(0);
                node.touch();
            }
            node.opens++;
            return new Opened(flags & ~O_TRUNC, true, direct);
        });
    }

    public int read(final long inode, final long handle, final long offset, final ByteBuffer target) {
        return locked(() -> {
            final MemoryNode node = node(inode);
            final int count = Math.clamp(node.size - offset, 0, target.remaining());
            if (count > 0) {
                target.put(node.content, (int) offset, count);
            }
            return count;
        });
    }

    public int write(
            final Caller caller,
            final long inode,
            final long handle,
            final long offset,
            final ByteBuffer bytes,
            final boolean dropPrivileges) {
        return locked(() -> {
            final MemoryNode node = node(inode);
            if (dropPrivileges) {
                dropPrivileges(node);
            }
            return put(node, (handle & O_APPEND) != 0 ? node.size : offset, bytes);
        });
    }

    final int put(final MemoryNode node, final long offset, final ByteBuffer bytes) {
        final int count = bytes.remaining();
        if (offset + count > LARGEST_BYTES) {
            throw Errno.EFBIG.exception();
        }
        if (offset + count > node.size) {
            node.resize(offset + count);
        }
        bytes.get(node.content, (int) offset, count);
        node.touch();
        return count;
    }

    public void flush(final Caller caller, final long inode, final long handle, final long lockOwner) {
        locked(() -> node(inode)).locks.drop(lockOwner, false);
    }

    public void release(final long inode, final long handle, final long flockOwner) {
        final MemoryNode node = locked(() -> {
            final MemoryNode opened = node(inode);
            opened.opens--;
            dropIfUnused(opened);
            return opened;
        });
        if (flockOwner != 0) {
            node.locks.drop(flockOwner, true);
        }
    }

    public void sync(final long inode, final long handle, final boolean dataOnly) {}

    public void allocate(
            final Caller caller,
            final long inode,
            final long handle,
            final int mode,
            final long offset,
            final long length) {
        locked(() -> {
            final MemoryNode node = node(inode);
            if ((mode & ~(KEEP_SIZE | PUNCH_HOLE)) != 0) {
                throw Errno.EOPNOTSUPP.exception();
            }
            if (offset + length > LARGEST_BYTES) {
                throw Errno.EFBIG.exception();
            }
            if ((mode & PUNCH_HOLE) != 0) {
                final int from = (int) Math.min(offset, node.size);
                java.util.Arrays.fill(node.content, from, (int) Math.min(offset + length, node.size), (byte) 0);
            } else if ((mode & KEEP_SIZE) == 0 && offset + length > node.size) {
                node.resize(offset + length);
            }
            node.touch();
            return node;
        });
    }

    /** All is data, up to the hole at the end. */
    public long seek(final long inode, final long handle, final long offset, final int whence) {
        return locked(() -> {
            final long size = node(inode).size;
            if (offset < 0 || offset >= size) {
                throw Errno.ENXIO.exception();
            }
            return whence == SEEK_DATA ? offset : size;
        });
    }

    public long copyRange(
            final Caller caller,
            final long inode,
            final long handle,
            final long offset,
            final long toInode,
            final long toHandle,
            final long toOffset,
            final long length) {
        return locked(() -> {
            final MemoryNode from = node(inode);
            final int count = (int) Math.clamp(from.size - offset, 0, length);
            final byte[] copy =
                    java.util.Arrays.copyOfRange(from.content, (int) Math.min(offset, from.size), (int) offset + count);
            return (long) put(node(toInode), toOffset, ByteBuffer.wrap(copy));
        });
    }
}
