package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import java.util.Arrays;
import java.util.Optional;

/** The names that are there: a range scan over the directory's entries that skips hidden directories. */
final class VisibleNames implements NameCursor {
    private final long directory;
    private final Cursor cursor;
    private Optional<Dentry> entry = Optional.empty();

    VisibleNames(final KeyValueReader store, final long directory, final byte[] from) {
        this.directory = directory;
        this.cursor = store.scan(Families.DENTRY, Keys.name(directory, from), Keys.after(Keys.of(directory)));
        settle();
    }

    private void settle() {
        for (; cursor.valid(); cursor.next()) {
            final Dentry found = Records.parse(Dentry.parser(), cursor.value());
            if (!found.getHidden()) {
                entry = Optional.of(found);
                return;
            }
        }
        entry = Optional.empty();
    }

    @Override
    public boolean valid() {
        return entry.isPresent();
    }

    @Override
    public void next() {
        cursor.next();
        settle();
    }

    @Override
    public void seek(final byte[] name) {
        cursor.seek(Keys.name(directory, name));
        settle();
    }

    @Override
    public byte[] name() {
        final byte[] key = cursor.key();
        return Arrays.copyOfRange(key, Long.BYTES, key.length);
    }

    @Override
    public Optional<Dentry> entry() {
        return entry;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
