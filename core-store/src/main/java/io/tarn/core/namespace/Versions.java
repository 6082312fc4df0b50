package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** Text form of version ids: {@code null} for the null version, else 16 hexadecimal digits of the version's order. */
final class Versions {
    static final String NULL = "null";

    private static final int DIGITS = 16;
    private static final int RADIX = 16;

    private Versions() {}

    static String text(final boolean nullVersion, final long order) {
        return nullVersion ? NULL : "%016x".formatted(order);
    }

    /** @throws StorageException {@code NOT_FOUND} for text that no version can have */
    static long order(final String version) {
        if (version.length() == DIGITS) {
            try {
                final long order = Long.parseUnsignedLong(version, RADIX);
                if (text(false, order).equals(version)) {
                    return order;
                }
            } catch (final NumberFormatException malformed) {
                throw new StorageException(Failure.NOT_FOUND, "no version " + version, malformed);
            }
        }
        throw new StorageException(Failure.NOT_FOUND, "no version " + version);
    }
}
