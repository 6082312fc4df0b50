package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;

/** Lets tests of other packages see who stands in line. */
public final class LockProbe {
    private LockProbe() {}

    public static int waiting(final KeyValueReader store, final long inode) {
        return LockCommands.locks(store, inode).waiting.size();
    }
}
