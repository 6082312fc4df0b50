package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Attributes and extended attributes, for {@link Operations}. */
final class AttributeOperations {
    private static final int AT = RequestBuffer.bodyAt();

    /** XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel. */
    private static final int XATTR_BYTES = 65_536;

    private static final int S_ISGID = 0x400;
    private static final int PERMISSIONS = 0xFFF;
    private static final AttributeWish.Time OMIT = new AttributeWish.Omit();

    private final FileSystem fileSystem;

    AttributeOperations(final FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    int get(final Caller caller, final long inode, final MemorySegment memory) {
        return Answers.attributes(memory, AT, fileSystem.attributes(caller, inode));
    }

    int set(
            final Caller caller,
            final long inode,
            final Operation.SetAttributes operation,
            final MemorySegment memory) {
        return Answers.attributes(memory, AT, fileSystem.setAttributes(caller, inode, operation.wish()));
    }

    int getXattr(
            final Caller caller, final long inode, final Operation.GetXattr operation, final MemorySegment memory) {
        final byte[] value = fileSystem.xattr(caller, inode, operation.name());
        return sized(memory, operation.size(), value.length, () -> put(memory, AT, value));
    }

    int listXattrs(final Caller caller, final long inode, final int size, final MemorySegment memory) {
        final List<Key> names = fileSystem.xattrs(caller, inode);
        final int length = names.stream().mapToInt(name -> name.length() + 1).sum();
        return sized(memory, size, length, () -> {
            int at = AT;
            for (final Key name : names) {
                put(memory, at, name.toByteArray());
                at += name.length();
                memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
                at++;
            }
        });
    }

    /** Only the length where no room was offered, {@code ERANGE} where too little was. */
    private static int sized(final MemorySegment memory, final int offered, final int length, final Runnable lay) {
        if (length > XATTR_BYTES) {
            throw Errno.E2BIG.exception();
        }
        if (offered == 0) {
            return Answers.count(memory, AT, length);
        }
        if (length > offered) {
            throw Errno.ERANGE.exception();
        }
        lay.run();
        return length;
    }

    private static void put(final MemorySegment memory, final int at, final byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
    }

    int setXattr(final Caller caller, final long inode, final Operation.SetXattr operation) {
        fileSystem.setXattr(caller, inode, operation.name(), operation.value(), operation.flags());
        if (operation.dropSetgid()) {
            final Attributes now = fileSystem.attributes(caller, inode).attributes();
            if ((now.mode() & S_ISGID) != 0) {
                fileSystem.setAttributes(caller, inode, ofMode(now.mode() & PERMISSIONS & ~S_ISGID));
            }
        }
        return 0;
    }

    private static AttributeWish ofMode(final int mode) {
        return new AttributeWish(
                OptionalInt.of(mode),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OMIT,
                OMIT,
                false,
                OptionalLong.empty());
    }
}
