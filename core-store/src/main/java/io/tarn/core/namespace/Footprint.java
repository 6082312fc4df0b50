package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.Overlay;
import io.tarn.core.namespace.Territory.Entity;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Row;
import io.tarn.core.namespace.wire.RowRange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads through all shards and notes what it read of others than the coordinator: what a command has to borrow. A forecast only; the
 * command is carried out later on the rows as they are when they are lent, and ends if it then needs others. Not thread-safe.
 */
final class Footprint implements KeyValueReader {
    /** Bounds what one transaction may borrow, and so the log entry that carries it. */
    static final int ROWS_MAX = 4096;

    private final KeyValueReader all;
    private final int coordinator;
    private final Map<Integer, BorrowedRecord.Builder> wanted = new TreeMap<>();
    private final Map<Entity, Boolean> entities = new LinkedHashMap<>();
    private final Map<Family, NavigableMap<byte[], Boolean>> noted = new LinkedHashMap<>();
    private int rows;

    Footprint(final KeyValueReader all, final int coordinator) {
        this.all = all;
        this.coordinator = coordinator;
    }

    private BorrowedRecord.Builder of(final byte[] key) {
        final int shard = Territory.shardOf(Keys.longAt(key, 0));
        return wanted.computeIfAbsent(
                shard, number -> BorrowedRecord.newBuilder().setShard(number));
    }

    private void count() {
        if (++rows > ROWS_MAX) {
            throw new StorageException(
                    Failure.TOO_LARGE, "more than " + ROWS_MAX + " rows of other shards would take part at once");
        }
    }

    private void note(final Family family, final byte[] key) {
        if (!Territory.isElsewhere(coordinator, family, key)
                || noted.computeIfAbsent(family, f -> new TreeMap<>(Arrays::compareUnsigned))
                                .putIfAbsent(key, true)
                        != null) {
            return;
        }
        count();
        Territory.entity(family, key).ifPresent(entity -> entities.putIfAbsent(entity, false));
        of(key).addRows(Row.newBuilder().setFamily(family.name()).setKey(ByteString.copyFrom(key)));
    }

    /** What the command changed, when it was tried over this. */
    void changed(final List<Overlay.Change> changes) {
        for (final Overlay.Change change : changes) {
            if (Territory.isElsewhere(coordinator, change.family(), change.key())) {
                of(change.key());
                Territory.entity(change.family(), change.key()).ifPresent(entity -> entities.put(entity, true));
            }
        }
    }

    /** Per participant, what to borrow; without the entities that do not exist yet. */
    List<BorrowedRecord> borrowings(final List<Long> reserved) {
        final Map<Integer, BorrowedRecord.Builder> complete = new TreeMap<>();
        wanted.forEach((shard, record) -> complete.put(shard, record.clone()));
        entities.forEach((entity, exclusive) -> {
            if (!(entity.kind() == Territory.Kind.INODE && reserved.contains(entity.id()))) {
                complete.get(entity.shard()).addEntities(Intents.reference(entity, exclusive));
            }
        });
        return complete.values().stream().map(BorrowedRecord.Builder::build).toList();
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        note(family, key);
        return all.get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        keys.forEach(key -> note(family, key));
        return all.multiGet(family, keys);
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        final Cursor cursor = all.scan(family, from, toExclusive);
        return Territory.isElsewhere(coordinator, family, from)
                ? new Noting(cursor, family, from, toExclusive)
                : cursor;
    }

    /** Notes, when it is closed, the range that was looked at. */
    private final class Noting implements Cursor {
        private final Cursor cursor;
        private final Family family;
        private final byte[] from;
        private final byte[] toExclusive;
        private byte[] end;

        Noting(final Cursor cursor, final Family family, final byte[] from, final byte[] toExclusive) {
            this.cursor = cursor;
            this.family = family;
            this.from = from;
            this.toExclusive = toExclusive;
            this.end = from;
        }

        @Override
        public boolean valid() {
            final boolean valid = cursor.valid();
            final byte[] seen = valid ? Arrays.copyOf(cursor.key(), cursor.key().length + 1) : toExclusive;
            if (Arrays.compareUnsigned(seen, end) > 0) {
                end = seen;
                count();
            }
            return valid;
        }

        @Override
        public void next() {
            cursor.next();
        }

        @Override
        public void seek(final byte[] key) {
            cursor.seek(key);
        }

        @Override
        public byte[] key() {
            return cursor.key();
        }

        @Override
        public byte[] value() {
            return cursor.value();
        }

        @Override
        public void close() {
            cursor.close();
            Territory.entity(family, from).ifPresent(entity -> entities.putIfAbsent(entity, false));
            of(from).addRanges(RowRange.newBuilder()
                    .setFamily(family.name())
                    .setFrom(ByteString.copyFrom(from))
                    .setTo(ByteString.copyFrom(end)));
        }
    }
}
