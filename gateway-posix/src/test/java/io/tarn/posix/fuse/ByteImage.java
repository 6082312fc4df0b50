package io.tarn.posix.fuse;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes laid by hand, field after field, as the kernel has them. */
final class ByteImage {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ByteImage u16(final int value) {
        return add(Short.BYTES, value);
    }

    ByteImage u32(final int value) {
        return add(Integer.BYTES, value);
    }

    ByteImage u64(final long value) {
        return add(Long.BYTES, value);
    }

    private ByteImage add(final int width, final long value) {
        final byte[] all = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        bytes.write(all, 0, width);
        return this;
    }

    /** Characters without a NUL. */
    ByteImage text(final String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A name with its NUL. */
    ByteImage name(final String name) {
        text(name);
        bytes.write(0);
        return this;
    }

    ByteImage zeros(final int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    MemorySegment toSegment() {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, toBytes());
    }
}
