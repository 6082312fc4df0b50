package io.tarn.s3.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME (reflected polynomial {@code 9A6C9329AC4BC9B5}, all ones in and out), by slicing-by-16.
 *
 * <p>Idea: two 64-bit words are read at a time and every one of their sixteen bytes looked up in a table of its own, so the
 * look-ups do not wait for one another (Kounavis and Berry, "A Systematic Approach to Building High Performance
 * Software-based CRC Generators", 2005). Cost: 32 KiB of tables, no allocation; direct buffers are read in place. Not
 * thread-safe.
 *
 * <p>Source: NVM Express NVM Command Set Specification 1.0, section 5.2.1.3.4.
 */
public final class Crc64Nvme implements Checksum {
    /** The polynomial, lowest power in the highest bit. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final int SLICES = 16;
    private static final long[] TABLE = tables();
    private static final VarHandle ARRAY_WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BUFFER_WORD =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long state = -1;

    /** All tables in one array: that of a byte with {@code k} more bytes behind it begins at {@code k * 256}. */
    private static long[] tables() {
        var table = new long[SLICES * 256];
        for (int n = 0; n < 256; n++) {
            long crc = n;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
            table[n] = crc;
        }
        for (int k = 1; k < SLICES; k++) {
            for (int n = 0; n < 256; n++) {
                long before = table[(k - 1) * 256 + n];
                table[k * 256 + n] = before >>> 8 ^ table[(int) before & 0xFF];
            }
        }
        return table;
    }

    @Override
    public void update(final int b) {
        state = state >>> 8 ^ TABLE[(int) (state ^ b) & 0xFF];
    }

    @Override
    public void update(final byte[] bytes, final int offset, final int length) {
        long[] table = TABLE;
        long crc = state;
        int at = offset;
        int end = offset + length;
        for (int last = end - 16; at <= last; at += 16) {
            crc = fold(table, crc ^ (long) ARRAY_WORD.get(bytes, at), (long) ARRAY_WORD.get(bytes, at + 8));
        }
        for (; at < end; at++) {
            crc = crc >>> 8 ^ table[(int) (crc ^ bytes[at]) & 0xFF];
        }
        state = crc;
    }

    @Override
    public void update(final ByteBuffer buffer) {
        if (buffer.hasArray()) {
            update(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
            return;
        }
        long[] table = TABLE;
        long crc = state;
        int at = buffer.position();
        int end = buffer.limit();
        for (int last = end - 16; at <= last; at += 16) {
            crc = fold(table, crc ^ (long) BUFFER_WORD.get(buffer, at), (long) BUFFER_WORD.get(buffer, at + 8));
        }
        for (; at < end; at++) {
            crc = crc >>> 8 ^ table[(int) (crc ^ buffer.get(at)) & 0xFF];
        }
        buffer.position(end);
        state = crc;
    }

    private static long fold(final long[] table, final long first, final long second) {
        return table[15 * 256 + ((int) first & 0xFF)]
                ^ table[14 * 256 + ((int) (first >>> 8) & 0xFF)]
                ^ table[13 * 256 + ((int) (first >>> 16) & 0xFF)]
                ^ table[12 * 256 + ((int) (first >>> 24) & 0xFF)]
                ^ table[11 * 256 + ((int) (first >>> 32) & 0xFF)]
                ^ table[10 * 256 + ((int) (first >>> 40) & 0xFF)]
                ^ table[9 * 256 + ((int) (first >>> 48) & 0xFF)]
                ^ table[8 * 256 + (int) (first >>> 56)]
                ^ table[7 * 256 + ((int) second & 0xFF)]
                ^ table[6 * 256 + ((int) (second >>> 8) & 0xFF)]
                ^ table[5 * 256 + ((int) (second >>> 16) & 0xFF)]
                ^ table[4 * 256 + ((int) (second >>> 24) & 0xFF)]
                ^ table[3 * 256 + ((int) (second >>> 32) & 0xFF)]
                ^ table[2 * 256 + ((int) (second >>> 40) & 0xFF)]
                ^ table[256 + ((int) (second >>> 48) & 0xFF)]
                ^ table[(int) (second >>> 56)];
    }

    @Override
    public long getValue() {
        return ~state;
    }

    @Override
    public void reset() {
        state = -1;
    }
}
