package io.tarn.core.crash;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** Content of a file, compared by its bytes and shown by their number and checksum. Immutable. */
final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(final byte[] bytes) {
        this.bytes = bytes;
    }

    static Bytes of(final byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    static Bytes random(final Random random, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new Bytes(bytes);
    }

    int length() {
        return bytes.length;
    }

    byte[] toArray() {
        return bytes.clone();
    }

    Bytes range(final int from, final int length) {
        return new Bytes(Arrays.copyOfRange(bytes, from, from + length));
    }

    /** With {@code other} written at {@code offset}, zeros in between. */
    Bytes with(final int offset, final Bytes other) {
        final byte[] changed = Arrays.copyOf(bytes, Math.max(bytes.length, offset + other.bytes.length));
        System.arraycopy(other.bytes, 0, changed, offset, other.bytes.length);
        return new Bytes(changed);
    }

    Bytes resized(final int length) {
        return new Bytes(Arrays.copyOf(bytes, length));
    }

    private int checksum() {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final Bytes same && Arrays.equals(bytes, same.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "%d bytes (%08x)".formatted(bytes.length, checksum());
    }
}
