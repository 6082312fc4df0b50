package io.tarn.client;

import java.util.Objects;
import java.util.Optional;

/**
 * Who asks for changes, for the change feed; it decides nothing.
 *
 * @param principal {@code tenant/user} on whose behalf; empty where nobody is named
 * @param via a name by which an inode was reached: events about its bytes and attributes tell it, if it is still true when they are
 *     committed
 */
public record Caller(String principal, Optional<Inodes.Entry> via) {
    public static final Caller UNKNOWN = new Caller("", Optional.empty());

    public Caller {
        Objects.requireNonNull(principal);
        Objects.requireNonNull(via);
    }

    /** The same principal at a name. */
    public Caller at(final long directory, final Key name) {
        return new Caller(principal, Optional.of(new Inodes.Entry(directory, name)));
    }
}
