package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds entries by the names that POSIX and HDFS have for them ({@link NameEscape}). A name is taken whether a file or a directory bears it;
 * hidden directories are not there. One or two point reads; for a name that was too long to show, a scan of the names that begin with
 * what is shown of it.
 */
final class EntryNames {
    /** Names that share the shown part of a long name; beyond this the directory is not searched on. */
    static final int SCAN_MAX = 10_000;

    private EntryNames() {}

    /**
     * An entry.
     *
     * @param name as it is stored, without a directory's slash
     */
    record Entry(byte[] name, Dentry dentry) {
        boolean isDirectory() {
            return dentry.getType() == FileType.DIRECTORY;
        }
    }

    static Optional<Dentry> visibleDirectory(final KeyValueReader store, final long parent, final byte[] name) {
        return Records.directory(store, parent, name).filter(found -> !found.getHidden());
    }

    static Optional<Entry> find(final KeyValueReader store, final long parent, final byte[] shown) {
        return switch (NameEscape.parse(shown)) {
            case final NameEscape.Exact exact -> exact(store, parent, exact.name());
            case final NameEscape.Beside beside ->
                visibleDirectory(store, parent, beside.name())
                        .flatMap(directory -> file(store, parent, beside.name()))
                        .map(found -> new Entry(beside.name(), found));
            case final NameEscape.Shortened name -> scan(store, parent, name);
            case final NameEscape.None none -> Optional.empty();
        };
    }

    private static Optional<Entry> exact(final KeyValueReader store, final long parent, final byte[] name) {
        return visibleDirectory(store, parent, name)
                .or(() -> file(store, parent, name))
                .map(found -> new Entry(name, found));
    }

    /** A file; the one of empty name is the directory itself as an object, and not an entry of it. */
    private static Optional<Dentry> file(final KeyValueReader store, final long parent, final byte[] name) {
        return name.length == 0 ? Optional.empty() : Records.file(store, parent, name);
    }

    private static Optional<Entry> scan(
            final KeyValueReader store, final long parent, final NameEscape.Shortened wanted) {
        final byte[] prefix = Keys.name(parent, wanted.prefix());
        int scanned = 0;
        try (Cursor cursor = store.scan(Families.DENTRY, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                if (++scanned > SCAN_MAX) {
                    throw new StorageException(
                            Failure.TOO_LARGE,
                            "more than " + SCAN_MAX + " names begin like the one that is looked for");
                }
                final Dentry dentry = Records.parse(Dentry.parser(), cursor.value());
                final byte[] name = nameOf(cursor.key(), dentry);
                final boolean directory = dentry.getType() == FileType.DIRECTORY;
                if (!dentry.getHidden()
                        && !(directory && wanted.beside())
                        && Arrays.equals(NameEscape.shown(name, wanted.beside()), wanted.shown())
                        && (directory || isBeside(store, parent, name) == wanted.beside())) {
                    return Optional.of(new Entry(name, dentry));
                }
            }
        }
        return Optional.empty();
    }

    /** The name in a dentry's key, without a directory's slash. */
    static byte[] nameOf(final byte[] key, final Dentry dentry) {
        return Arrays.copyOfRange(key, Long.BYTES, key.length - (dentry.getType() == FileType.DIRECTORY ? 1 : 0));
    }

    /** Whether a directory of this name stands in the parent, so that a file of it is shown under its escape. */
    static boolean isBeside(final KeyValueReader store, final long parent, final byte[] name) {
        return visibleDirectory(store, parent, name).isPresent();
    }

    /**
     * The name to store for a new entry.
     *
     * @throws StorageException {@code TOO_LARGE} for a name that is too long, {@code INVALID_ARGUMENT} for one that cannot be shown
     */
    static byte[] forNew(final KeyValueReader store, final long parent, final byte[] shown, final boolean directory) {
        if (shown.length > NameEscape.NAME_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "a name has at most " + NameEscape.NAME_MAX_BYTES + " bytes");
        }
        final Optional<byte[]> name =
                switch (NameEscape.parse(shown)) {
                    case final NameEscape.Exact exact ->
                        Optional.of(exact.name()).filter(found -> directory || found.length > 0);
                    case final NameEscape.Beside beside ->
                        Optional.of(beside.name()).filter(found -> !directory && isBeside(store, parent, found));
                    case final NameEscape.Shortened shortened -> Optional.empty();
                    case final NameEscape.None none -> Optional.empty();
                };
        return name.orElseThrow(() -> new StorageException(Failure.INVALID_ARGUMENT, "not a name of an entry"));
    }
}
