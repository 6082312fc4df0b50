package io.tarn.posix.fuse;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.LockWish;
import java.util.Optional;

/**
 * Reads arguments into an {@link Operation}, by the offsets of the structures in fuse.h. Copies names and small values; allocates
 * little that outlives the request. Stateless but for what was negotiated.
 */
final class OperationReader {
    /** Most pairs of a BATCH_FORGET: what fits the largest request. */
    static final int MOST_FORGETS = RequestBuffer.TRANSFER_BYTES / 16;

    /** struct fuse_write_in. */
    static final int WRITE_ARGUMENT_BYTES = 40;

    private static final int OPEN_KILL_SUIDGID = 1;
    private static final int WRITE_KILL_SUIDGID = 1 << 2;
    private static final int RELEASE_FLOCK_UNLOCK = 1 << 1;
    private static final int FSYNC_FDATASYNC = 1;
    private static final int LK_FLOCK = 1;
    private static final int SETXATTR_ACL_KILL_SGID = 1;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    private static final int O_ACCMODE = 3;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_APPEND = 0x400;

    private final boolean longSetxattr;
    private final boolean writebackCache;

    /** @param flags that were negotiated */
    OperationReader(final long flags) {
        longSetxattr = (flags & InitFlags.SETXATTR_EXT) != 0;
        writebackCache = (flags & InitFlags.WRITEBACK_CACHE) != 0;
    }

    /** The operation that a header announces. */
    Operation read(final RequestHeader header, final Arguments in) throws MalformedRequestException {
        final Optional<Opcode> opcode = Opcode.of(header.opcode());
        if (opcode.isEmpty()) {
            return new Operation.Unsupported(Errno.ENOSYS);
        }
        return switch (opcode.get()) {
            case LOOKUP -> new Operation.Lookup(in.name(0));
            case FORGET -> new Operation.Forget(new long[] {header.inode()}, new long[] {in.int64(0)});
            case BATCH_FORGET -> forgets(in);
            case GETATTR -> new Operation.GetAttributes();
            case SETATTR -> new Operation.SetAttributes(AttributeWishReader.read(in));
            case READLINK -> new Operation.ReadLink();
            case SYMLINK -> symlink(in);
            case MKNOD -> new Operation.MakeNode(in.name(16), in.int32(0), in.int32(4), in.int32(8));
            case MKDIR -> new Operation.MakeDirectory(in.name(8), in.int32(0), in.int32(4));
            case UNLINK -> new Operation.Unlink(in.name(0));
            case RMDIR -> new Operation.RemoveDirectory(in.name(0));
            case RENAME -> rename(in, 8, 0);
            case RENAME2 -> rename(in, 16, in.int32(8));
            case LINK -> new Operation.Link(in.int64(0), in.name(8));
            case OPEN -> new Operation.Open(openFlags(in.int32(0)), (in.int32(4) & OPEN_KILL_SUIDGID) != 0);
            case CREATE ->
                new Operation.Create(
                        in.name(16),
                        openFlags(in.int32(0)),
                        in.int32(4),
                        in.int32(8),
                        (in.int32(12) & OPEN_KILL_SUIDGID) != 0);
            case READ -> new Operation.Read(in.int64(0), in.int64(8), in.size(16));
            case WRITE -> write(in);
            case FLUSH -> new Operation.Flush(in.int64(0), in.int64(16));
            case RELEASE ->
                new Operation.Release(in.int64(0), (in.int32(12) & RELEASE_FLOCK_UNLOCK) != 0 ? in.int64(16) : 0);
            case FSYNC -> new Operation.Sync(in.int64(0), (in.int32(8) & FSYNC_FDATASYNC) != 0);
            case OPENDIR -> new Operation.OpenDirectory();
            case READDIR -> new Operation.ReadDirectory(in.int64(0), in.int64(8), in.size(16), false);
            case READDIRPLUS -> new Operation.ReadDirectory(in.int64(0), in.int64(8), in.size(16), true);
            case RELEASEDIR -> new Operation.ReleaseDirectory(in.int64(0));
            case FSYNCDIR -> new Operation.SyncDirectory(in.int64(0));
            case STATFS -> new Operation.Statistics();
            case GETXATTR -> new Operation.GetXattr(in.name(8), in.size(0));
            case LISTXATTR -> new Operation.ListXattrs(in.size(0));
            case SETXATTR -> setXattr(in);
            case REMOVEXATTR -> new Operation.RemoveXattr(in.name(0));
            case GETLK -> new Operation.TestLock(in.int64(0), lock(in));
            case SETLK -> new Operation.Lock(in.int64(0), lock(in), false);
            case SETLKW -> new Operation.Lock(in.int64(0), lock(in), true);
            case FALLOCATE -> new Operation.Allocate(in.int64(0), in.int32(24), in.int64(8), in.int64(16));
            case LSEEK -> new Operation.Seek(in.int64(0), in.int64(8), in.int32(16));
            case COPY_FILE_RANGE -> copy(in, false);
            case COPY_FILE_RANGE_64 -> copy(in, true);
            case INIT -> initialize(in);
            case INTERRUPT -> new Operation.Interrupt(in.int64(0));
            case DESTROY -> new Operation.Destroy();
            case IOCTL -> new Operation.Unsupported(Errno.ENOTTY);
            // access is checked by the kernel (default_permissions); STATX is asked only for times of birth, which are
            // not kept
            case ACCESS, BMAP, POLL, SETUPMAPPING, REMOVEMAPPING, SYNCFS, TMPFILE, STATX ->
                new Operation.Unsupported(Errno.ENOSYS);
            case NOTIFY_REPLY -> throw new MalformedRequestException("an answer to a question nobody asked");
        };
    }

    /**
     * A kernel that gathers writes places those that append itself, and reads what surrounds a write it has only a part of a page of: the
     * file system is to put bytes where they are sent to, and to let them be read.
     */
    private int openFlags(final int flags) {
        if (!writebackCache) {
            return flags;
        }
        final int placed = flags & ~O_APPEND;
        return (placed & O_ACCMODE) == O_WRONLY ? (placed & ~O_ACCMODE) | O_RDWR : placed;
    }

    private static Operation forgets(final Arguments in) throws MalformedRequestException {
        final int count = in.int32(0);
        if (count < 0 || count > MOST_FORGETS || count > in.length() / 16) {
            throw new MalformedRequestException(Integer.toUnsignedString(count) + " inodes to forget");
        }
        final long[] inodes = new long[count];
        final long[] lookups = new long[count];
        for (int i = 0; i < count; i++) {
            inodes[i] = in.int64(8 + 16 * i);
            lookups[i] = in.int64(16 + 16 * i);
        }
        return new Operation.Forget(inodes, lookups);
    }

    private static Operation symlink(final Arguments in) throws MalformedRequestException {
        final var name = in.name(0);
        return new Operation.MakeSymlink(name, in.name(name.length() + 1));
    }

    private static Operation rename(final Arguments in, final int nameAt, final int flags)
            throws MalformedRequestException {
        final var name = in.name(nameAt);
        return new Operation.Rename(name, in.int64(0), in.name(nameAt + name.length() + 1), flags);
    }

    private static Operation write(final Arguments in) throws MalformedRequestException {
        final int size = in.size(16);
        if (size != in.length() - WRITE_ARGUMENT_BYTES) {
            throw new MalformedRequestException(size + " bytes to write in arguments of " + in.length() + " bytes");
        }
        return new Operation.Write(in.int64(0), in.int64(8), size, (in.int32(20) & WRITE_KILL_SUIDGID) != 0);
    }

    private Operation setXattr(final Arguments in) throws MalformedRequestException {
        final int nameAt = longSetxattr ? 16 : 8;
        final boolean dropSetgid = longSetxattr && (in.int32(8) & SETXATTR_ACL_KILL_SGID) != 0;
        final var name = in.name(nameAt);
        return new Operation.SetXattr(name, in.bytes(nameAt + name.length() + 1, in.size(0)), in.int32(4), dropSetgid);
    }

    private static LockWish lock(final Arguments in) throws MalformedRequestException {
        final LockWish.Kind kind =
                switch (in.int32(32)) {
                    case F_RDLCK -> LockWish.Kind.SHARED;
                    case F_WRLCK -> LockWish.Kind.EXCLUSIVE;
                    case F_UNLCK -> LockWish.Kind.NONE;
                    default -> throw new MalformedRequestException("a lock of type " + in.int32(32));
                };
        return new LockWish(
                in.int64(8), kind, (in.int32(40) & LK_FLOCK) != 0, in.int64(16), in.int64(24), in.int32(36));
    }

    private static Operation copy(final Arguments in, final boolean wide) throws MalformedRequestException {
        return new Operation.CopyRange(
                in.int64(0), in.int64(8), in.int64(16), in.int64(24), in.int64(32), in.int64(40), in.int64(48), wide);
    }

    private static Operation initialize(final Arguments in) throws MalformedRequestException {
        final int low = in.int32(12);
        long flags = Integer.toUnsignedLong(low);
        if ((low & InitFlags.INIT_EXT) != 0 && in.length() >= 20) {
            flags |= Integer.toUnsignedLong(in.int32(16)) << Integer.SIZE;
        }
        return new Operation.Initialize(in.int32(0), in.int32(4), in.int32(8), flags);
    }
}
