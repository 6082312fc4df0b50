package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import java.util.Arrays;
import java.util.Optional;

/** The names that are there or ever were: entries, hidden directories too, merged with the names that only versions bear. */
final class VersionedNames implements NameCursor {
    private final long directory;
    private final Cursor entries;
    private final Cursor versions;

    VersionedNames(final KeyValueReader store, final long directory, final byte[] from) {
        this.directory = directory;
        final byte[] end = Keys.after(Keys.of(directory));
        this.entries = store.scan(Families.DENTRY, Keys.name(directory, from), end);
        this.versions = store.scan(Families.VERSION, Keys.versionPrefix(directory, from), end);
    }

    private Optional<byte[]> entryName() {
        if (!entries.valid()) {
            return Optional.empty();
        }
        final byte[] key = entries.key();
        return Optional.of(Arrays.copyOfRange(key, Long.BYTES, key.length));
    }

    @Override
    public boolean valid() {
        return entries.valid() || versions.valid();
    }

    @Override
    public byte[] name() {
        final Optional<byte[]> entry = entryName();
        if (!versions.valid()) {
            return entry.orElseThrow();
        }
        final byte[] version = Keys.terminatedName(versions.key());
        return entry.isPresent() && Arrays.compareUnsigned(entry.get(), version) <= 0 ? entry.get() : version;
    }

    @Override
    public Optional<Dentry> entry() {
        final byte[] name = name();
        return entryName().filter(own -> Arrays.equals(own, name)).isPresent()
                ? Optional.of(Records.parse(Dentry.parser(), entries.value()))
                : Optional.empty();
    }

    @Override
    public void next() {
        final byte[] name = name();
        if (entryName().filter(own -> Arrays.equals(own, name)).isPresent()) {
            entries.next();
        }
        if (versions.valid() && Arrays.equals(Keys.terminatedName(versions.key()), name)) {
            versions.seek(Keys.after(Keys.versionPrefix(directory, name)));
        }
    }

    @Override
    public void seek(final byte[] name) {
        entries.seek(Keys.name(directory, name));
        versions.seek(Keys.versionPrefix(directory, name));
    }

    @Override
    public void close() {
        entries.close();
        versions.close();
    }
}
