package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeAnswer;
import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.DirectorySink;
import io.tarn.posix.fs.Entry;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.FileSystemStatistics;
import io.tarn.posix.fs.Invalidation;
import io.tarn.posix.fs.LockWish;
import io.tarn.posix.fs.Opened;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A whole file system in memory under one lock, to try the transport with: names here, contents in {@link MemoryFiles}. */
public class MemoryFileSystem extends MemoryFiles implements FileSystem {
    private static final int NAME_BYTES = 255;
    private static final int NOREPLACE = 1;
    private static final int EXCHANGE = 2;
    private static final int S_ISGID = 0x400;
    private static final int O_EXCL = 0x80;
    private static final int O_TRUNC = 0x200;

    private final long timeoutMillis;
    private long nextNumber = ROOT + 1;
    volatile Invalidation kernel;

    public MemoryFileSystem(final long timeoutMillis) {
        super(new HashMap<>(), new ReentrantLock());
        this.timeoutMillis = timeoutMillis;
        final var root = new MemoryNode(ROOT, MemoryNode.S_IFDIR | 0x1FF);
        root.links = 2;
        root.parent = ROOT;
        nodes.put(ROOT, root);
    }

    private MemoryNode directory(final long inode) {
        final MemoryNode node = node(inode);
        if (!node.isDirectory()) {
            throw Errno.ENOTDIR.exception();
        }
        return node;
    }

    private MemoryNode child(final long parent, final Key name) {
        final MemoryNode directory = directory(parent);
        if (name.length() > NAME_BYTES) {
            throw Errno.ENAMETOOLONG.exception();
        }
        if (name.equals(Key.of("."))) {
            return directory;
        }
        if (name.equals(Key.of(".."))) {
            return node(directory.parent);
        }
        final Long number = directory.names.get(name);
        if (number == null) {
            throw Errno.ENOENT.exception();
        }
        return node(number);
    }

    private Entry entry(final MemoryNode node) {
        return new Entry(node.attributes(), timeoutMillis, timeoutMillis);
    }

    @Override
    public Entry lookup(final Caller caller, final long parent, final Key name) {
        return locked(() -> entry(child(parent, name)));
    }

    @Override
    public void forget(final long inode, final long lookups) {}

    @Override
    public AttributeAnswer attributes(final Caller caller, final long inode) {
        return locked(() -> new AttributeAnswer(node(inode).attributes(), timeoutMillis));
    }

    @Override
    public AttributeAnswer setAttributes(final Caller caller, final long inode, final AttributeWish wish) {
        return locked(() -> {
            final MemoryNode node = node(inode);
            apply(caller, node, wish);
            return new AttributeAnswer(node.attributes(), timeoutMillis);
        });
    }

    @Override
    public Key readLink(final Caller caller, final long inode) {
        return locked(() -> node(inode).target.orElseThrow(Errno.EINVAL::exception));
    }

    private MemoryNode make(final Caller caller, final long parent, final Key name, final int mode) {
        final MemoryNode directory = directory(parent);
        if (name.length() > NAME_BYTES) {
            throw Errno.ENAMETOOLONG.exception();
        }
        if (directory.names.containsKey(name)) {
            throw Errno.EEXIST.exception();
        }
        if (directory.links == 0) {
            throw Errno.ENOENT.exception();
        }
        final var node = new MemoryNode(nextNumber++, mode & ~caller.umask());
        node.uid = caller.uid();
        node.gid = caller.gid();
        if ((directory.mode & S_ISGID) != 0) {
            node.gid = directory.gid;
            node.mode |= node.isDirectory() ? S_ISGID : 0;
        }
        nodes.put(node.number, node);
        directory.put(name, node.number);
        return node;
    }

    @Override
    public Entry makeNode(final Caller caller, final long parent, final Key name, final int mode, final int device) {
        return locked(() -> {
            final MemoryNode node = make(caller, parent, name, mode);
            node.device = device;
            return entry(node);
        });
    }

    @Override
    public Entry makeDirectory(final Caller caller, final long parent, final Key name, final int mode) {
        return locked(() -> {
            final MemoryNode node = make(caller, parent, name, MemoryNode.S_IFDIR | mode);
            node.links = 2;
            node.parent = parent;
            node(parent).links++;
            return entry(node);
        });
    }

    @Override
    public Entry makeSymlink(final Caller caller, final long parent, final Key name, final Key target) {
        return locked(() -> {
            final MemoryNode node = make(caller, parent, name, MemoryNode.S_IFLNK | 0x1FF);
            node.mode = MemoryNode.S_IFLNK | 0x1FF;
            node.target = java.util.Optional.of(target);
            return entry(node);
        });
    }

    @Override
    public Entry link(final Caller caller, final long inode, final long newParent, final Key newName) {
        return locked(() -> {
            final MemoryNode directory = directory(newParent);
            if (newName.length() > NAME_BYTES) {
                throw Errno.ENAMETOOLONG.exception();
            }
            if (directory.names.containsKey(newName)) {
                throw Errno.EEXIST.exception();
            }
            final MemoryNode node = node(inode);
            node.links++;
            node.changed = MemoryNode.now();
            directory.put(newName, inode);
            return entry(node);
        });
    }

    @Override
    public void unlink(final Caller caller, final long parent, final Key name) {
        locked(() -> {
            final MemoryNode node = child(parent, name);
            if (node.isDirectory()) {
                throw Errno.EISDIR.exception();
            }
            node(parent).take(name);
            unname(node);
            return node;
        });
    }

    private void unname(final MemoryNode node) {
        node.links -= node.isDirectory() ? 2 : 1;
        node.changed = MemoryNode.now();
        dropIfUnused(node);
    }

    @Override
    public void removeDirectory(final Caller caller, final long parent, final Key name) {
        locked(() -> {
            final MemoryNode node = child(parent, name);
            if (!node.isDirectory()) {
                throw Errno.ENOTDIR.exception();
            }
            if (!node.names.isEmpty()) {
                throw Errno.ENOTEMPTY.exception();
            }
            node(parent).take(name);
            node(parent).links--;
            unname(node);
            return node;
        });
    }

    @Override
    public void rename(
            final Caller caller,
            final long parent,
            final Key name,
            final long newParent,
            final Key newName,
            final int flags) {
        locked(() -> {
            if ((flags & ~(NOREPLACE | EXCHANGE)) != 0 || newName.length() > NAME_BYTES) {
                throw ((flags & ~(NOREPLACE | EXCHANGE)) != 0 ? Errno.EINVAL : Errno.ENAMETOOLONG).exception();
            }
            final MemoryNode moved = child(parent, name);
            final Long thereNumber = directory(newParent).names.get(newName);
            if (flags == EXCHANGE) {
                final MemoryNode there = child(newParent, newName);
                place(there, newParent, parent, name);
                place(moved, parent, newParent, newName);
            } else if (thereNumber == null || thereNumber != moved.number) {
                if (thereNumber != null) {
                    replace(moved, node(thereNumber), newParent, newName, flags);
                }
                node(parent).take(name);
                place(moved, parent, newParent, newName);
            }
            return moved;
        });
    }

    private void replace(
            final MemoryNode moved, final MemoryNode there, final long newParent, final Key newName, final int flags) {
        if (flags == NOREPLACE) {
            throw Errno.EEXIST.exception();
        }
        if (moved.isDirectory() != there.isDirectory()) {
            throw (there.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR).exception();
        }
        if (!there.names.isEmpty()) {
            throw Errno.ENOTEMPTY.exception();
        }
        node(newParent).take(newName);
        node(newParent).links -= there.isDirectory() ? 1 : 0;
        unname(there);
    }

    private void place(final MemoryNode node, final long from, final long to, final Key name) {
        if (node.isDirectory()) {
            node(from).links--;
            node(to).links++;
            node.parent = to;
        }
        node(to).put(name, node.number);
        node.changed = MemoryNode.now();
    }

    @Override
    public Created create(final Caller caller, final long parent, final Key name, final int mode, final int flags) {
        return locked(() -> {
            final Long there = directory(parent).names.get(name);
            if (there != null && (flags & O_EXCL) != 0) {
                throw Errno.EEXIST.exception();
            }
            final MemoryNode node =
                    there == null ? make(caller, parent, name, MemoryNode.S_IFREG | (mode & 0xFFF)) : node(there);
            return new Created(entry(node), open(caller, node.number, there == null ? flags & ~O_TRUNC : flags));
        });
    }

    @Override
    public Opened openDirectory(final Caller caller, final long inode) {
        return locked(() -> {
            directory(inode).opens++;
            return new Opened(inode, false, false);
        });
    }

    @Override
    public void readDirectory(
            final Caller caller, final long inode, final long handle, final long offset, final DirectorySink sink) {
        locked(() -> {
            final MemoryNode directory = directory(inode);
            if (offset < 1 && !sink.add(Key.of("."), entry(directory), 1)
                    || offset < 2 && !sink.add(Key.of(".."), entry(node(directory.parent)), 2)) {
                return false;
            }
            for (final Map.Entry<Long, Key> position : directory.positions.entrySet()) {
                if (position.getKey() > offset
                        && !sink.add(
                                position.getValue(), entry(child(inode, position.getValue())), position.getKey())) {
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public void releaseDirectory(final long inode, final long handle) {
        release(inode, handle, 0);
    }

    @Override
    public void syncDirectory(final long inode, final long handle) {}

    @Override
    public FileSystemStatistics statistics(final long inode) {
        return new FileSystemStatistics(1 << 20, 1 << 19, 1 << 16, 1 << 15, NAME_BYTES);
    }

    @Override
    public byte[] xattr(final Caller caller, final long inode, final Key name) {
        return locked(() -> {
            final byte[] value = node(inode).xattrs.get(name);
            if (value == null) {
                throw Errno.ENODATA.exception();
            }
            return value;
        });
    }

    @Override
    public List<Key> xattrs(final Caller caller, final long inode) {
        return locked(() -> List.copyOf(node(inode).xattrs.keySet()));
    }

    @Override
    public void setXattr(final Caller caller, final long inode, final Key name, final byte[] value, final int flags) {
        locked(() -> {
            final Map<Key, byte[]> xattrs = node(inode).xattrs;
            if (flags == 1 && xattrs.containsKey(name)) {
                throw Errno.EEXIST.exception();
            }
            if (flags == 2 && !xattrs.containsKey(name)) {
                throw Errno.ENODATA.exception();
            }
            node(inode).changed = MemoryNode.now();
            return xattrs.put(name, value);
        });
    }

    @Override
    public void removeXattr(final Caller caller, final long inode, final Key name) {
        locked(() -> {
            if (node(inode).xattrs.remove(name) == null) {
                throw Errno.ENODATA.exception();
            }
            return name;
        });
    }

    @Override
    public LockWish testLock(final long inode, final long handle, final LockWish wish) {
        return locked(() -> node(inode))
                .locks
                .inTheWay(wish)
                .orElse(new LockWish(0, LockWish.Kind.NONE, wish.whole(), wish.start(), wish.last(), 0));
    }

    @Override
    public void lock(final long inode, final long handle, final LockWish wish, final boolean waits) {
        locked(() -> node(inode)).locks.take(wish, waits);
    }

    @Override
    public void invalidate(final Invalidation invalidation) {
        kernel = invalidation;
    }

    @Override
    public void close() {}

    /** A change that did not come through the kernel. */
    void overwriteElsewhere(final String name, final String content) {
        final long number = locked(() -> {
            final MemoryNode node = child(ROOT, Key.of(name));
            final byte[] bytes = content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            node.resize(0);
            put(node, 0, ByteBuffer.wrap(bytes));
            return node.number;
        });
        kernel.inode(number, 0, 0);
    }

    /** Inodes there are, named or open. */
    public int count() {
        return locked(nodes::size);
    }
}
