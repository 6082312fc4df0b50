package io.tarn.posix.jnr;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.PosixException;
import io.tarn.posix.fuse.KernelTime;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;
import java.util.OptionalLong;
import jnr.ffi.Pointer;

/** Attributes and extended attributes. */
final class AttributeCalls {
    private static final int PERMISSIONS = 0xFFF;
    private static final int UNCHANGED = -1;
    private static final int TIMESPEC_BYTES = 16;
    private static final long UTIME_NOW = (1L << 30) - 1;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final AttributeWish.Time OMIT = new AttributeWish.Omit();
    private static final AttributeWish.Time NOW = new AttributeWish.Now();

    private final Calls calls;
    private final FileSystem fileSystem;

    AttributeCalls(final Calls calls) {
        this.calls = calls;
        fileSystem = calls.fileSystem;
    }

    int get(final Pointer path, final Pointer stat) {
        return calls.carryOut(request -> {
            final String text = NativeBytes.text(path);
            if (HiddenFiles.maybe(text)) {
                return getHidden(request, text, stat);
            }
            return request.answer(stat, calls.paths.attributes(request.caller(), text));
        });
    }

    private int getHidden(final Request request, final String path, final Pointer stat) {
        final boolean hidden = calls.hidden.inode(path).isPresent();
        if (hidden && request.is(RequestHead.LOOKUP)) {
            throw Errno.ENOENT.exception();
        }
        try {
            final Attributes attributes = calls.paths.attributes(request.caller(), path);
            // libfuse takes one off, for the name it has made up
            return request.answer(
                    stat, hidden && request.is(RequestHead.GETATTR) ? withOneLinkMore(attributes) : attributes);
        } catch (final PosixException failed) {
            if (failed.errno() == Errno.ENOENT) {
                request.probed(path);
            }
            throw failed;
        }
    }

    private static Attributes withOneLinkMore(final Attributes of) {
        return new Attributes(
                of.inode(),
                of.mode(),
                of.links() + 1,
                of.uid(),
                of.gid(),
                of.device(),
                of.size(),
                of.blocks(),
                of.accessedNanos(),
                of.modifiedNanos(),
                of.changedNanos());
    }

    int getOpen(final Pointer path, final Pointer stat, final Pointer info) {
        return calls.carryOut(request -> request.answer(
                stat,
                fileSystem
                        .attributes(request.caller(), calls.open(info).inode())
                        .attributes()));
    }

    int setMode(final Pointer path, final int mode) {
        return set(
                path, wish(OptionalInt.of(mode & PERMISSIONS), OptionalInt.empty(), OptionalInt.empty(), OMIT, OMIT));
    }

    int setOwner(final Pointer path, final int uid, final int gid) {
        return set(path, wish(OptionalInt.empty(), given(uid), given(gid), OMIT, OMIT));
    }

    private static OptionalInt given(final int id) {
        return id == UNCHANGED ? OptionalInt.empty() : OptionalInt.of(id);
    }

    int setTimes(final Pointer path, final Pointer times) {
        final MemorySegment memory = NativeBytes.memory(times, 2 * TIMESPEC_BYTES);
        return set(
                path,
                wish(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        time(memory, 0),
                        time(memory, TIMESPEC_BYTES)));
    }

    private static AttributeWish.Time time(final MemorySegment memory, final long at) {
        final long nanos = memory.get(ValueLayout.JAVA_LONG, at + Long.BYTES);
        if (nanos == UTIME_OMIT) {
            return OMIT;
        }
        return nanos == UTIME_NOW
                ? NOW
                : new AttributeWish.At(KernelTime.nanos(memory.get(ValueLayout.JAVA_LONG, at), (int) nanos));
    }

    private static AttributeWish wish(
            final OptionalInt mode,
            final OptionalInt uid,
            final OptionalInt gid,
            final AttributeWish.Time accessed,
            final AttributeWish.Time modified) {
        return new AttributeWish(mode, uid, gid, OptionalLong.empty(), accessed, modified, false, OptionalLong.empty());
    }

    private static AttributeWish length(final long bytes, final OptionalLong handle) {
        return new AttributeWish(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.of(bytes),
                OMIT,
                OMIT,
                false,
                handle);
    }

    int setLength(final Pointer path, final long bytes) {
        return set(path, length(bytes, OptionalLong.empty()));
    }

    int setOpenLength(final Pointer path, final long bytes, final Pointer info) {
        return calls.carryOut(request -> {
            final OpenHandles.Open open = calls.open(info);
            fileSystem.setAttributes(request.caller(), open.inode(), length(bytes, OptionalLong.of(open.handle())));
            return 0;
        });
    }

    private int set(final Pointer path, final AttributeWish wish) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            fileSystem.setAttributes(caller, calls.inode(caller, path), wish);
            return 0;
        });
    }

    int getXattr(final Pointer path, final Pointer name, final Pointer value, final long size) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            return sized(fileSystem.xattr(caller, calls.inode(caller, path), NativeBytes.key(name)), value, size);
        });
    }

    int listXattrs(final Pointer path, final Pointer list, final long size) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final var names = new ByteArrayOutputStream();
            for (final Key name : fileSystem.xattrs(caller, calls.inode(caller, path))) {
                names.writeBytes(name.toByteArray());
                names.write(0);
            }
            return sized(names.toByteArray(), list, size);
        });
    }

    /** Only the length where no room was offered, {@code ERANGE} where too little was. */
    private static int sized(final byte[] bytes, final Pointer to, final long offered) {
        if (offered == 0) {
            return bytes.length;
        }
        if (bytes.length > offered) {
            throw Errno.ERANGE.exception();
        }
        NativeBytes.put(to, bytes);
        return bytes.length;
    }

    int setXattr(final Pointer path, final Pointer name, final Pointer value, final long size, final int flags) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            fileSystem.setXattr(
                    caller, calls.inode(caller, path), NativeBytes.key(name), NativeBytes.copy(value, size), flags);
            return 0;
        });
    }

    int removeXattr(final Pointer path, final Pointer name) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            fileSystem.removeXattr(caller, calls.inode(caller, path), NativeBytes.key(name));
            return 0;
        });
    }

    int statistics(final Pointer path, final Pointer statvfs) {
        return calls.carryOut(
                request -> request.answer(statvfs, fileSystem.statistics(calls.inode(request.caller(), path))));
    }
}
