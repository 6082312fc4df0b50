package io.tarn.posix.jnr;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * struct fuse_operations: which call carries out what. What stands at 0 is answered {@code ENOSYS} by libfuse, and the kernel does without: access(2) is checked
 * by the kernel, bmap is for block devices, poll says always ready, data written or read through pipes brings nothing here. Has to be kept as long as libfuse
 * may call, for the functions end with it.
 */
final class OperationTable {
    /**
     * Paths are left out where an open file is meant, so that a call that waits does not hold libfuse's locks on them; times may be
     * left as they are. (Bits in C, where jnr-fuse has bytes.)
     */
    private static final int NULL_PATH_OK = 1;

    private static final int NO_PATH = 1 << 1;
    private static final int UTIME_OMIT_OK = 1 << 2;

    /** struct fuse_conn_info. */
    private static final long CAPABLE_AT = 20;

    private static final long WANT_AT = 24;
    private static final long BACKGROUND_AT = 28;
    private static final int DONT_MASK = 1 << 6;
    private static final int BACKGROUND = 64;

    private final Runtime runtime = Runtime.getSystemRuntime();
    private final Layout at = new Layout(runtime);
    private final Pointer memory = Memory.allocateDirect(runtime, Struct.size(at), true);
    private final List<Object> functions = new ArrayList<>();

    OperationTable(final Calls calls, final LibFuse2 library) {
        final var names = new NameCalls(calls);
        set(at.of(at.mknod), Callbacks.OnNode.class, names::makeNode);
        set(at.of(at.mkdir), Callbacks.OnPathAndMode.class, names::makeDirectory);
        set(at.of(at.symlink), Callbacks.OnTwo.class, names::makeSymlink);
        set(at.of(at.link), Callbacks.OnTwo.class, names::link);
        set(at.of(at.readlink), Callbacks.OnBuffer.class, names::readLink);
        set(at.of(at.unlink), Callbacks.OnPath.class, names::unlink);
        set(at.of(at.rmdir), Callbacks.OnPath.class, names::removeDirectory);
        set(at.of(at.rename), Callbacks.OnTwo.class, names::rename);
        final var attributes = new AttributeCalls(calls);
        set(at.of(at.getattr), Callbacks.OnTwo.class, attributes::get);
        set(at.of(at.fgetattr), Callbacks.OnThree.class, attributes::getOpen);
        set(at.of(at.chmod), Callbacks.OnPathAndMode.class, attributes::setMode);
        set(at.of(at.chown), Callbacks.OnOwner.class, attributes::setOwner);
        set(at.of(at.utimens), Callbacks.OnTwo.class, attributes::setTimes);
        set(at.of(at.truncate), Callbacks.OnLength.class, attributes::setLength);
        set(at.of(at.ftruncate), Callbacks.OnOpenLength.class, attributes::setOpenLength);
        set(at.of(at.getxattr), Callbacks.OnValue.class, attributes::getXattr);
        set(at.of(at.listxattr), Callbacks.OnBuffer.class, attributes::listXattrs);
        set(at.of(at.setxattr), Callbacks.OnNewValue.class, attributes::setXattr);
        set(at.of(at.removexattr), Callbacks.OnTwo.class, attributes::removeXattr);
        set(at.of(at.statfs), Callbacks.OnTwo.class, attributes::statistics);
        final var files = new FileCalls(calls);
        set(at.of(at.open), Callbacks.OnTwo.class, files::open);
        set(at.of(at.create), Callbacks.OnCreate.class, files::create);
        set(at.of(at.read), Callbacks.OnTransfer.class, files::read);
        set(at.of(at.write), Callbacks.OnTransfer.class, files::write);
        set(at.of(at.flush), Callbacks.OnTwo.class, files::flush);
        set(at.of(at.release), Callbacks.OnTwo.class, files::release);
        set(at.of(at.fsync), Callbacks.OnSync.class, files::sync);
        set(at.of(at.fallocate), Callbacks.OnAllocate.class, files::allocate);
        set(at.of(at.ioctl), Callbacks.OnIoctl.class, files::control);
        final var locks = new LockCalls(calls, library);
        set(at.of(at.lock), Callbacks.OnLock.class, locks::lock);
        set(at.of(at.flock), Callbacks.OnFlock.class, locks::flock);
        final var directories = new DirectoryCalls(calls);
        set(at.of(at.opendir), Callbacks.OnTwo.class, directories::open);
        set(at.of(at.readdir), Callbacks.OnEntries.class, directories::read);
        set(at.of(at.releasedir), Callbacks.OnTwo.class, directories::release);
        set(at.of(at.fsyncdir), Callbacks.OnSync.class, directories::sync);
        set(at.of(at.init), Callbacks.OnInit.class, OperationTable::begin);
        memory.putInt(at.of(at.flag_nullpath_ok), NULL_PATH_OK | NO_PATH | UTIME_OMIT_OK);
    }

    private <T> void set(final long place, final Class<T> shape, final T function) {
        functions.add(function);
        memory.putPointer(place, runtime.getClosureManager().getClosurePointer(shape, function));
    }

    /** The umask is the file system's to apply, for a directory's default ACL stands in for it. */
    private static Pointer begin(final Pointer connection) {
        connection.putInt(WANT_AT, connection.getInt(WANT_AT) | (connection.getInt(CAPABLE_AT) & DONT_MASK));
        connection.putInt(BACKGROUND_AT, BACKGROUND);
        return Pointer.wrap(Runtime.getSystemRuntime(), 0);
    }

    Pointer memory() {
        return memory;
    }

    long bytes() {
        return Struct.size(at);
    }

    /** Where jnr-fuse places the functions; it would let only its own be put there. */
    private static final class Layout extends FuseOperations {
        Layout(final Runtime runtime) {
            super(runtime);
        }

        long of(final AbstractMember member) {
            return member.offset();
        }
    }
}
