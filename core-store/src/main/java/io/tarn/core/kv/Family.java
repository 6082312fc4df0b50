package io.tarn.core.kv;

import java.util.Objects;

/**
 * A named key space of a {@link KeyValueStore} (a RocksDB column family).
 *
 * @param name stable on-disk name
 * @param prefixLength bytes of key prefix that scans stay within and blooms are built on; 0 for none
 * @param largeValues whether values are typically above a KiB and are kept apart from the keys
 */
public record Family(String name, int prefixLength, boolean largeValues) {
    public Family {
        Objects.requireNonNull(name);
        if (prefixLength < 0) {
            throw new IllegalArgumentException("negative prefix length " + prefixLength);
        }
    }

    public static Family of(final String name, final int prefixLength) {
        return new Family(name, prefixLength, false);
    }
}
