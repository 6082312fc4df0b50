package io.tarn.posix.fuse;

import io.tarn.posix.fs.AttributeWish;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.Opened;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Opening, reading and writing files, for {@link Operations}. */
final class FileOperations {
    private static final int AT = RequestBuffer.bodyAt();

    /** An answer of 32 bits tells no more than this copied, page by page; the program asks again for the rest. */
    private static final long NARROW_COPY_BYTES = 0x7fff_f000;

    private static final AttributeWish.Time OMIT = new AttributeWish.Omit();

    private final FileSystem fileSystem;

    FileOperations(final FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    int read(final long inode, final Operation.Read read, final RequestBuffer buffer) {
        final int size = Math.min(read.size(), RequestBuffer.TRANSFER_BYTES);
        final ByteBuffer target = buffer.body(size);
        fileSystem.read(inode, read.handle(), read.offset(), target);
        return target.position();
    }

    int write(final Caller caller, final long inode, final Operation.Write write, final RequestBuffer buffer) {
        final int written = fileSystem.write(
                caller, inode, write.handle(), write.offset(), buffer.body(write.size()), write.dropPrivileges());
        return Answers.count(buffer.segment(), AT, written);
    }

    int open(final Caller caller, final long inode, final Operation.Open open, final MemorySegment memory) {
        final Opened opened = fileSystem.open(caller, inode, open.flags());
        if (open.dropPrivileges()) {
            dropPrivileges(caller, inode, opened);
        }
        return Answers.opened(memory, AT, opened);
    }

    int create(final Caller caller, final long parent, final Operation.Create create, final MemorySegment memory) {
        final FileSystem.Created created =
                fileSystem.create(caller, parent, create.name(), create.mode(), create.flags());
        if (create.dropPrivileges()) {
            dropPrivileges(caller, created.entry().attributes().inode(), created.opened());
        }
        final int entryBytes = Answers.entry(memory, AT, created.entry());
        return entryBytes + Answers.opened(memory, AT + entryBytes, created.opened());
    }

    /** A file was truncated in opening it, by one who may not keep set-id bits. */
    private void dropPrivileges(final Caller caller, final long inode, final Opened opened) {
        fileSystem.setAttributes(
                caller,
                inode,
                new AttributeWish(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OMIT,
                        OMIT,
                        true,
                        OptionalLong.of(opened.handle())));
    }

    int copy(final Caller caller, final long inode, final Operation.CopyRange copy, final MemorySegment memory) {
        if (copy.flags() != 0) {
            throw Errno.EINVAL.exception();
        }
        final long length = copy.wide() ? copy.length() : Math.min(copy.length(), NARROW_COPY_BYTES);
        final long copied = fileSystem.copyRange(
                caller, inode, copy.handle(), copy.offset(), copy.toInode(), copy.toHandle(), copy.toOffset(), length);
        return copy.wide() ? Answers.number(memory, AT, copied) : Answers.count(memory, AT, Math.toIntExact(copied));
    }
}
