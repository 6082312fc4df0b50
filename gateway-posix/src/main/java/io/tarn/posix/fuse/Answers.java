package io.tarn.posix.fuse;

import io.tarn.posix.fs.AttributeAnswer;
import io.tarn.posix.fs.Attributes;
import io.tarn.posix.fs.Entry;
import io.tarn.posix.fs.FileSystemStatistics;
import io.tarn.posix.fs.LockWish;
import io.tarn.posix.fs.Opened;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Lays the structures of answers; each gives the number of its bytes. All offsets are multiples of 8 where the callers' are. */
final class Answers {
    static final int ENTRY_BYTES = 128;
    static final int OPEN_BYTES = 16;
    private static final int ATTRIBUTES_AT_IN_ENTRY = 40;
    private static final int ATTRIBUTES_AT_IN_ANSWER = 16;
    private static final int ATTRIBUTES_BYTES = 88;
    private static final int FOPEN_DIRECT_IO = 1;
    private static final int FOPEN_KEEP_CACHE = 1 << 1;
    private static final int FOPEN_CACHE_DIR = 1 << 3;
    private static final int FOPEN_PARALLEL_DIRECT_WRITES = 1 << 6;

    private Answers() {}

    /** struct fuse_out_header; {@code error} is negative or 0. */
    static void header(final MemorySegment to, final long at, final int length, final int error, final long unique) {
        int32(to, at, length);
        int32(to, at + 4, error);
        int64(to, at + 8, unique);
    }

    /** struct fuse_entry_out. Inode numbers are never used again, so the generation is always 0. */
    static int entry(final MemorySegment to, final long at, final Entry entry) {
        int64(to, at, entry.attributes().inode());
        int64(to, at + 8, 0);
        int64(to, at + 16, KernelTime.secondsOfMillis(entry.entryMillis()));
        int64(to, at + 24, KernelTime.secondsOfMillis(entry.attributeMillis()));
        int32(to, at + 32, KernelTime.nanosOfMillis(entry.entryMillis()));
        int32(to, at + 36, KernelTime.nanosOfMillis(entry.attributeMillis()));
        attributes(to, at + ATTRIBUTES_AT_IN_ENTRY, entry.attributes());
        return ENTRY_BYTES;
    }

    /** struct fuse_entry_out that says: no such name, and so for a while. */
    static int noEntry(final MemorySegment to, final long at, final long millis) {
        to.asSlice(at, ENTRY_BYTES).fill((byte) 0);
        int64(to, at + 16, KernelTime.secondsOfMillis(millis));
        int32(to, at + 32, KernelTime.nanosOfMillis(millis));
        return ENTRY_BYTES;
    }

    /** struct fuse_attr_out. */
    static int attributes(final MemorySegment to, final long at, final AttributeAnswer answer) {
        int64(to, at, KernelTime.secondsOfMillis(answer.attributeMillis()));
        int32(to, at + 8, KernelTime.nanosOfMillis(answer.attributeMillis()));
        int32(to, at + 12, 0);
        attributes(to, at + ATTRIBUTES_AT_IN_ANSWER, answer.attributes());
        return ATTRIBUTES_AT_IN_ANSWER + ATTRIBUTES_BYTES;
    }

    /** struct fuse_attr. */
    private static void attributes(final MemorySegment to, final long at, final Attributes of) {
        int64(to, at, of.inode());
        int64(to, at + 8, of.size());
        int64(to, at + 16, of.blocks());
        int64(to, at + 24, KernelTime.seconds(of.accessedNanos()));
        int64(to, at + 32, KernelTime.seconds(of.modifiedNanos()));
        int64(to, at + 40, KernelTime.seconds(of.changedNanos()));
        int32(to, at + 48, KernelTime.nanosOfSecond(of.accessedNanos()));
        int32(to, at + 52, KernelTime.nanosOfSecond(of.modifiedNanos()));
        int32(to, at + 56, KernelTime.nanosOfSecond(of.changedNanos()));
        int32(to, at + 60, of.mode());
        int32(to, at + 64, of.links());
        int32(to, at + 68, of.uid());
        int32(to, at + 72, of.gid());
        int32(to, at + 76, of.device());
        int32(to, at + 80, Attributes.BLOCK_SIZE);
        int32(to, at + 84, 0);
    }

    /** struct fuse_open_out of a file. */
    static int opened(final MemorySegment to, final long at, final Opened opened) {
        return opened(
                to,
                at,
                opened.handle(),
                (opened.keepCache() ? FOPEN_KEEP_CACHE : 0)
                        | (opened.directIo() ? FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES : 0));
    }

    /** struct fuse_open_out of a directory, whose entries the kernel may keep for the next who opens it with {@code keepCache}. */
    static int openedDirectory(final MemorySegment to, final long at, final Opened opened) {
        return opened(to, at, opened.handle(), FOPEN_CACHE_DIR | (opened.keepCache() ? FOPEN_KEEP_CACHE : 0));
    }

    private static int opened(final MemorySegment to, final long at, final long handle, final int flags) {
        int64(to, at, handle);
        int32(to, at + 8, flags);
        int32(to, at + 12, 0);
        return OPEN_BYTES;
    }

    /** struct fuse_write_out, fuse_getxattr_out and, of fewer than 2^32 bytes, what copy_file_range answers. */
    static int count(final MemorySegment to, final long at, final int bytes) {
        int32(to, at, bytes);
        int32(to, at + 4, 0);
        return Long.BYTES;
    }

    /** struct fuse_lseek_out, struct fuse_copy_file_range_out. */
    static int number(final MemorySegment to, final long at, final long number) {
        int64(to, at, number);
        return Long.BYTES;
    }

    /** struct fuse_statfs_out. */
    static int statistics(final MemorySegment to, final long at, final FileSystemStatistics of) {
        to.asSlice(at, 80).fill((byte) 0);
        int64(to, at, of.blocks());
        int64(to, at + 8, of.blocksFree());
        int64(to, at + 16, of.blocksFree());
        int64(to, at + 24, of.files());
        int64(to, at + 32, of.filesFree());
        int32(to, at + 40, Attributes.BLOCK_SIZE);
        int32(to, at + 44, of.nameMax());
        int32(to, at + 48, Attributes.BLOCK_SIZE);
        return 80;
    }

    /** struct fuse_lk_out. */
    static int lock(final MemorySegment to, final long at, final LockWish lock) {
        int64(to, at, lock.start());
        int64(to, at + 8, lock.last());
        int32(
                to,
                at + 16,
                switch (lock.kind()) {
                    case SHARED -> 0;
                    case EXCLUSIVE -> 1;
                    case NONE -> 2;
                });
        int32(to, at + 20, lock.pid());
        return 24;
    }

    static void int32(final MemorySegment to, final long at, final int value) {
        to.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    }

    static void int64(final MemorySegment to, final long at, final long value) {
        to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
}
