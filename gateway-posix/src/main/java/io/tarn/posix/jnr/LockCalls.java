package io.tarn.posix.jnr;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.LockWish;
import java.util.concurrent.Semaphore;
import jnr.ffi.Pointer;
import ru.serce.jnrfuse.struct.Flock;

/**
 * Locks of fcntl(2) and flock(2). One that waits keeps a serving thread to itself, so that no more than {@link #WAITS_MAX} are waited for at once; one more is
 * refused with {@code ENOLCK}.
 */
final class LockCalls {
    static final int WAITS_MAX = ServingThreads.THREADS_MAX * 3 / 4;

    private static final int F_GETLK = 5;
    private static final int F_SETLKW = 7;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    private final Calls calls;
    private final FileSystem fileSystem;
    private final LibFuse2 library;
    private final Semaphore waits = new Semaphore(WAITS_MAX);

    LockCalls(final Calls calls, final LibFuse2 library) {
        this.calls = calls;
        fileSystem = calls.fileSystem;
        this.library = library;
    }

    int lock(final Pointer path, final Pointer info, final int command, final Pointer flock) {
        return calls.carryOut(request -> {
            if (request.is(RequestHead.FLUSH)) {
                // libfuse lets the locks of whoever closes fall, as the flush before has done
                return 0;
            }
            final OpenHandles.Open open = calls.open(info);
            final Flock given = Flock.of(flock);
            final LockWish wish = wish(given, new OpenFileInfo(info).lockOwner());
            if (command == F_GETLK) {
                found(given, fileSystem.testLock(open.inode(), open.handle(), wish));
            } else {
                take(open, wish, command == F_SETLKW && wish.kind() != LockWish.Kind.NONE);
            }
            return 0;
        });
    }

    private static LockWish wish(final Flock flock, final long owner) {
        final LockWish.Kind kind =
                switch (flock.l_type.get()) {
                    case F_RDLCK -> LockWish.Kind.SHARED;
                    case F_WRLCK -> LockWish.Kind.EXCLUSIVE;
                    case F_UNLCK -> LockWish.Kind.NONE;
                    default -> throw Errno.EINVAL.exception();
                };
        final long start = flock.l_start.get();
        final long length = flock.l_len.get();
        return new LockWish(
                owner, kind, false, start, length == 0 ? Long.MAX_VALUE : start + length - 1, flock.l_pid.intValue());
    }

    private static void found(final Flock flock, final LockWish held) {
        flock.l_type.set((short)
                switch (held.kind()) {
                    case SHARED -> F_RDLCK;
                    case EXCLUSIVE -> F_WRLCK;
                    case NONE -> F_UNLCK;
                });
        if (held.kind() != LockWish.Kind.NONE) {
            flock.l_whence.set((short) 0);
            flock.l_start.set(held.start());
            flock.l_len.set(held.last() == Long.MAX_VALUE ? 0 : held.last() - held.start() + 1);
            flock.l_pid.set(held.pid());
        }
    }

    int flock(final Pointer path, final Pointer info, final int operation) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            final LockWish.Kind kind =
                    switch (operation & ~LOCK_NB) {
                        case LOCK_SH -> LockWish.Kind.SHARED;
                        case LOCK_EX -> LockWish.Kind.EXCLUSIVE;
                        case LOCK_UN -> LockWish.Kind.NONE;
                        default -> throw Errno.EINVAL.exception();
                    };
            final long owner = new OpenFileInfo(info).lockOwner();
            final int process = request.caller().pid();
            take(
                    open,
                    new LockWish(owner, kind, true, 0, Long.MAX_VALUE, process),
                    (operation & LOCK_NB) == 0 && kind != LockWish.Kind.NONE);
            return 0;
        });
    }

    private void take(final OpenHandles.Open open, final LockWish wish, final boolean wait) {
        if (!wait) {
            fileSystem.lock(open.inode(), open.handle(), wish, false);
            return;
        }
        if (!waits.tryAcquire()) {
            throw Errno.ENOLCK.exception();
        }
        try {
            if (library.interrupted() != 0) {
                // the interrupt was read before this thread had begun, and could not be put to it
                throw Errno.EINTR.exception();
            }
            fileSystem.lock(open.inode(), open.handle(), wish, true);
        } finally {
            waits.release();
        }
    }
}
