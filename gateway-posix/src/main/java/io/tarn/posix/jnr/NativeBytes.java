package io.tarn.posix.jnr;

import io.tarn.client.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;

/** Memory of libfuse's, read and written where it lies. Text stands for bytes: a character for each, of ISO 8859-1. */
final class NativeBytes {
    private NativeBytes() {}

    @SuppressWarnings("restricted")
    static MemorySegment memory(final Pointer pointer, final long bytes) {
        return MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
    }

    /** The bytes that a string of C has, as characters. */
    static String text(final Pointer string) {
        return memory(string, Long.MAX_VALUE).getString(0, StandardCharsets.ISO_8859_1);
    }

    static Key key(final Pointer string) {
        return key(text(string));
    }

    static Key key(final String text) {
        return Key.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes of a file, in place. */
    static ByteBuffer buffer(final Pointer pointer, final long bytes) {
        return memory(pointer, bytes).asByteBuffer();
    }

    static byte[] copy(final Pointer pointer, final long bytes) {
        return bytes == 0 ? new byte[0] : memory(pointer, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    static void put(final Pointer to, final byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory(to, bytes.length), ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
}
