package io.tarn.posix.fuse;

import io.tarn.client.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The arguments of one request, read at offsets, every one checked against their end. */
final class Arguments {
    private final MemorySegment memory;
    private final long start;
    private final int length;

    Arguments(final MemorySegment memory, final long start, final int length) {
        this.memory = memory;
        this.start = start;
        this.length = length;
    }

    int length() {
        return length;
    }

    private long at(final int offset, final int bytes) throws MalformedRequestException {
        if (offset < 0 || bytes < 0 || offset > length - bytes) {
            throw new MalformedRequestException(
                    bytes + " bytes at " + offset + " wanted of arguments of " + length + " bytes");
        }
        return start + offset;
    }

    int int32(final int offset) throws MalformedRequestException {
        return memory.get(ValueLayout.JAVA_INT_UNALIGNED, at(offset, Integer.BYTES));
    }

    long int64(final int offset) throws MalformedRequestException {
        return memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at(offset, Long.BYTES));
    }

    /** A count of bytes that the kernel offers or wants, which no request makes larger than an int. */
    int size(final int offset) throws MalformedRequestException {
        final int size = int32(offset);
        if (size < 0) {
            throw new MalformedRequestException("a size of " + Integer.toUnsignedString(size) + " bytes");
        }
        return size;
    }

    /** The bytes up to the next NUL. */
    Key name(final int offset) throws MalformedRequestException {
        at(offset, 0);
        for (int end = offset; end < length; end++) {
            if (memory.get(ValueLayout.JAVA_BYTE, start + end) == 0) {
                return Key.of(bytes(offset, end - offset));
            }
        }
        throw new MalformedRequestException("a name without an end at " + offset + " of " + length + " bytes");
    }

    byte[] bytes(final int offset, final int count) throws MalformedRequestException {
        // checked first: a count that lies must not be allocated
        final long at = at(offset, count);
        final byte[] copy = new byte[count];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, copy, 0, count);
        return copy;
    }
}
