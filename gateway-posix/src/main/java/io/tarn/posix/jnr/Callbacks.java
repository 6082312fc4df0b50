package io.tarn.posix.jnr;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.types.dev_t;
import jnr.ffi.types.gid_t;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.uid_t;

/**
 * The shapes of the functions in struct fuse_operations; operations of the same shape share one. Those of jnr-fuse take paths as text of UTF-8, in
 * which bytes that are no UTF-8 are lost. Public for the library that calls them.
 */
public interface Callbacks {
    /** {@code unlink}, {@code rmdir}. */
    interface OnPath {
        @Delegate
        int call(Pointer path);
    }

    /** {@code mkdir}, {@code chmod}. */
    interface OnPathAndMode {
        @Delegate
        int call(Pointer path, @mode_t int mode);
    }

    /** {@code mknod}. */
    interface OnNode {
        @Delegate
        int call(Pointer path, @mode_t int mode, @dev_t long device);
    }

    /** {@code chown}. */
    interface OnOwner {
        @Delegate
        int call(Pointer path, @uid_t int uid, @gid_t int gid);
    }

    /**
     * {@code getattr}, {@code statfs}, {@code utimens}, {@code removexattr}; {@code open}, {@code flush}, {@code release} and their kin of
     * directories; {@code symlink}, {@code rename}, {@code link}.
     */
    interface OnTwo {
        @Delegate
        int call(Pointer path, Pointer second);
    }

    /** {@code fgetattr}. */
    interface OnThree {
        @Delegate
        int call(Pointer path, Pointer second, Pointer third);
    }

    /** {@code readlink}, {@code listxattr}. */
    interface OnBuffer {
        @Delegate
        int call(Pointer path, Pointer buffer, @size_t long size);
    }

    /** {@code truncate}. */
    interface OnLength {
        @Delegate
        int call(Pointer path, @off_t long length);
    }

    /** {@code ftruncate}. */
    interface OnOpenLength {
        @Delegate
        int call(Pointer path, @off_t long length, Pointer open);
    }

    /** {@code read}, {@code write}. */
    interface OnTransfer {
        @Delegate
        int call(Pointer path, Pointer buffer, @size_t long size, @off_t long offset, Pointer open);
    }

    /** {@code fsync}, {@code fsyncdir}. */
    interface OnSync {
        @Delegate
        int call(Pointer path, int dataOnly, Pointer open);
    }

    /** {@code getxattr}. */
    interface OnValue {
        @Delegate
        int call(Pointer path, Pointer name, Pointer value, @size_t long size);
    }

    /** {@code setxattr}. */
    interface OnNewValue {
        @Delegate
        int call(Pointer path, Pointer name, Pointer value, @size_t long size, int flags);
    }

    /** {@code readdir}. */
    interface OnEntries {
        @Delegate
        int call(Pointer path, Pointer buffer, Pointer filler, @off_t long offset, Pointer open);
    }

    /** {@code create}. */
    interface OnCreate {
        @Delegate
        int call(Pointer path, @mode_t int mode, Pointer open);
    }

    /** {@code lock}. */
    interface OnLock {
        @Delegate
        int call(Pointer path, Pointer open, int command, Pointer lock);
    }

    /** {@code flock}. */
    interface OnFlock {
        @Delegate
        int call(Pointer path, Pointer open, int operation);
    }

    /** {@code fallocate}. */
    interface OnAllocate {
        @Delegate
        int call(Pointer path, int mode, @off_t long offset, @off_t long length, Pointer open);
    }

    /** {@code ioctl}. */
    interface OnIoctl {
        @Delegate
        int call(Pointer path, int command, Pointer argument, Pointer open, int flags, Pointer data);
    }

    /** {@code init}. */
    interface OnInit {
        @Delegate
        Pointer call(Pointer connection);
    }
}
