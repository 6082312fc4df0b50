package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Inode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongPredicate;

/** From an entry back to its key: each directory knows its parent and its name. A point read for each directory on the way. */
final class KeyPaths {
    private static final byte DIRECTORY_SEPARATOR = '/';
    private static final int KEY_MAX_BYTES = 8 << 10;

    private KeyPaths() {}

    /** The slash-separated key of an entry, for messages; empty where it is too long or too deep to be told. */
    static byte[] of(final KeyValueReader store, final long parent, final byte[] name) {
        return of(store, id -> true, parent, name);
    }

    /**
     * The same for events.
     *
     * @param at tells which directories may be looked at; empty where the way to the root leads through others
     */
    static byte[] of(final KeyValueReader store, final LongPredicate at, final long parent, final byte[] name) {
        final ArrayDeque<byte[]> names = new ArrayDeque<>();
        names.addFirst(name);
        int length = name.length;
        long id = parent;
        for (int depth = 0; depth <= Directories.MAX_DEPTH && at.test(id); depth++) {
            final Optional<Inode> inode = Records.inode(store, id);
            if (inode.isEmpty() || inode.get().getParent() == id) {
                return joined(names, length);
            }
            names.addFirst(inode.get().getName().toByteArray());
            length += 1 + inode.get().getName().size();
            if (length > KEY_MAX_BYTES) {
                return new byte[0];
            }
            id = inode.get().getParent();
        }
        return new byte[0];
    }

    private static byte[] joined(final Collection<byte[]> names, final int length) {
        final ByteBuffer key = ByteBuffer.allocate(length);
        boolean first = true;
        for (final byte[] name : names) {
            if (!first) {
                key.put(DIRECTORY_SEPARATOR);
            }
            key.put(name);
            first = false;
        }
        return key.array();
    }
}
