package io.tarn.posix.fuse;

import io.tarn.client.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is told to the kernel unasked (enum fuse_notify_code). */
sealed interface Notice {
    /** Names the kernel looks up are no longer (FUSE_NAME_MAX of older kernels), in bytes. */
    int NAME_BYTES = 1024;

    /** Room for the longest. */
    int MOST_BYTES = RequestBuffer.ANSWER_HEADER_BYTES + 24 + NAME_BYTES + 1;

    int INVAL_INODE = 2;
    int INVAL_ENTRY = 3;
    int DELETE = 6;
    int RESEND = 7;

    record Inode(long inode, long offset, long length) implements Notice {}

    record Entry(long parent, Key name) implements Notice {}

    record Deleted(long parent, Key name, long inode) implements Notice {}

    /** All requests that were handed out and not answered are to be handed out again. */
    record Resend() implements Notice {}

    /** Tells the kernel nothing, but who waits that all before it was told. */
    record Mark(Runnable reached) implements Notice {}

    /** Lays it; the bytes of it. A {@link Mark} has none. */
    static int lay(final Notice notice, final MemorySegment to) {
        return switch (notice) {
            case final Inode op -> {
                Answers.int64(to, 16, op.inode());
                Answers.int64(to, 24, op.offset());
                Answers.int64(to, 32, op.length());
                yield header(to, INVAL_INODE, 40);
            }
            case final Entry op -> {
                Answers.int64(to, 16, op.parent());
                Answers.int32(to, 24, op.name().length());
                Answers.int32(to, 28, 0);
                yield header(to, INVAL_ENTRY, name(to, 32, op.name()));
            }
            case final Deleted op -> {
                Answers.int64(to, 16, op.parent());
                Answers.int64(to, 24, op.inode());
                Answers.int32(to, 32, op.name().length());
                Answers.int32(to, 36, 0);
                yield header(to, DELETE, name(to, 40, op.name()));
            }
            case final Resend op -> header(to, RESEND, RequestBuffer.ANSWER_HEADER_BYTES);
            case final Mark mark -> 0;
        };
    }

    private static int name(final MemorySegment to, final int at, final Key name) {
        MemorySegment.copy(name.toByteArray(), 0, to, ValueLayout.JAVA_BYTE, at, name.length());
        to.set(ValueLayout.JAVA_BYTE, at + (long) name.length(), (byte) 0);
        return at + name.length() + 1;
    }

    /** A notice is an answer to request 0, with its code where the error stands. */
    private static int header(final MemorySegment to, final int code, final int length) {
        Answers.header(to, 0, length, code, 0);
        return length;
    }
}
