package io.tarn.posix.jnr;

import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.Opened;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import jnr.ffi.Pointer;

/** Opening, reading, writing and closing files. Bytes are not copied on the way between libfuse and the file system. */
final class FileCalls {
    private static final int O_TRUNC = 01000;
    private static final int ROOT_USER = 0;
    private static final long NO_OWNER = 0;
    private static final AttributeWish DROP_PRIVILEGES = new AttributeWish(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            new AttributeWish.Omit(),
            new AttributeWish.Omit(),
            true,
            OptionalLong.empty());

    private final Calls calls;
    private final FileSystem fileSystem;

    FileCalls(final Calls calls) {
        this.calls = calls;
        fileSystem = calls.fileSystem;
    }

    int open(final Pointer path, final Pointer info) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final OpenFileInfo file = new OpenFileInfo(info);
            final long inode = calls.inode(caller, path);
            opened(file, inode, fileSystem.open(caller, inode, file.flags()));
            dropPrivileges(caller, inode, file.flags());
            return 0;
        });
    }

    int create(final Pointer path, final int mode, final Pointer info) {
        return calls.carryOut(request -> {
            final Caller caller = request.makingCaller();
            final OpenFileInfo file = new OpenFileInfo(info);
            final Paths.Place place = calls.place(caller, path);
            final FileSystem.Created created =
                    fileSystem.create(caller, place.parent(), place.name(), mode, file.flags());
            calls.paths.made(created.entry());
            opened(file, created.entry().attributes().inode(), created.opened());
            return 0;
        });
    }

    private void opened(final OpenFileInfo file, final long inode, final Opened opened) {
        file.opened(calls.handles.add(inode, opened.handle()), opened.directIo());
    }

    /** The kernel lets set-id bits fall itself, but leaves a truncation that is part of an open to the file system, and does not say for whom. */
    private void dropPrivileges(final Caller caller, final long inode, final int flags) {
        if ((flags & O_TRUNC) != 0 && caller.uid() != ROOT_USER) {
            fileSystem.setAttributes(caller, inode, DROP_PRIVILEGES);
        }
    }

    int read(final Pointer path, final Pointer buffer, final long size, final long offset, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            final ByteBuffer target = NativeBytes.buffer(buffer, size);
            fileSystem.read(open.inode(), open.handle(), offset, target);
            return target.position();
        });
    }

    int write(final Pointer path, final Pointer buffer, final long size, final long offset, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            return fileSystem.write(
                    request.caller(), open.inode(), open.handle(), offset, NativeBytes.buffer(buffer, size), false);
        });
    }

    int flush(final Pointer path, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            fileSystem.flush(request.caller(), open.inode(), open.handle(), new OpenFileInfo(info).lockOwner());
            return 0;
        });
    }

    int release(final Pointer path, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenFileInfo file = new OpenFileInfo(info);
            final Optional<OpenHandles.Open> removed = calls.handles.remove(file.handle());
            if (removed.isEmpty()) {
                throw Errno.EBADF.exception();
            }
            final OpenHandles.Open open = removed.get();
            try {
                fileSystem.release(open.inode(), open.handle(), file.releasesFlock() ? file.lockOwner() : NO_OWNER);
            } finally {
                // libfuse says nothing of a hidden name in a directory that was removed since
                if (calls.hidden.has(open.inode()) && !calls.handles.has(open.inode())) {
                    calls.hidden.forget(open.inode());
                }
            }
            return 0;
        });
    }

    int sync(final Pointer path, final int dataOnly, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            fileSystem.sync(open.inode(), open.handle(), dataOnly != 0);
            return 0;
        });
    }

    int allocate(final Pointer path, final int mode, final long offset, final long length, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            fileSystem.allocate(request.caller(), open.inode(), open.handle(), mode, offset, length);
            return 0;
        });
    }

    /** None is known. */
    int control(
            final Pointer path,
            final int command,
            final Pointer argument,
            final Pointer info,
            final int flags,
            final Pointer data) {
        return -Errno.ENOTTY.number();
    }
}
