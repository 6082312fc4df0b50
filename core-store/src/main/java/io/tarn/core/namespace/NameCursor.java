package io.tarn.core.namespace;

import io.tarn.core.namespace.wire.Dentry;
import java.util.Optional;

/** Goes through the names of one directory in byte order; names of directories carry a trailing slash. Not thread-safe. */
interface NameCursor extends AutoCloseable {
    boolean valid();

    void next();

    /** To the first name ≥ {@code name}. */
    void seek(byte[] name);

    byte[] name();

    /** The entry; empty where only old versions or delete markers bear the name. */
    Optional<Dentry> entry();

    @Override
    void close();
}
