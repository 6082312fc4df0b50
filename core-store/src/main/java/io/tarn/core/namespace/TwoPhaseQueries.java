package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.DecisionRecord;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.PreparedRecord;
import io.tarn.core.namespace.wire.TransactionId;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is read of a shard for commits between shards. Stateless but for the reader; thread-safe. */
public final class TwoPhaseQueries {
    private static final int TRANSACTIONS_MAX = 1000;

    private final KeyValueReader store;

    public TwoPhaseQueries(final KeyValueReader store) {
        this.store = store;
    }

    /** What this shard decided, while some participant may not have finished. */
    public Optional<DecisionRecord> decision(final TransactionId id) {
        return Records.get(store, Families.DECISION, TwoPhaseCommands.key(id), DecisionRecord.parser());
    }

    /** A transaction that this shard has decided. */
    public record Decided(TransactionId id, DecisionRecord record) {}

    /** A transaction that holds something of this shard. */
    public record Prepared(TransactionId id, PreparedRecord record) {}

    /** The first thousand decisions not forgotten. */
    public List<Decided> decisions() {
        final List<Decided> found = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.DECISION, new byte[0], new byte[0])) {
            for (; cursor.valid() && found.size() < TRANSACTIONS_MAX; cursor.next()) {
                found.add(new Decided(id(cursor.key()), Records.parse(DecisionRecord.parser(), cursor.value())));
            }
        }
        return found;
    }

    /** The first thousand transactions between their two phases here. */
    public List<Prepared> prepared() {
        final List<Prepared> found = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.PREPARED, new byte[0], new byte[0])) {
            for (; cursor.valid() && found.size() < TRANSACTIONS_MAX; cursor.next()) {
                found.add(new Prepared(id(cursor.key()), Records.parse(PreparedRecord.parser(), cursor.value())));
            }
        }
        return found;
    }

    private static TransactionId id(final byte[] key) {
        return TransactionId.newBuilder()
                .setSession(Keys.longAt(key, 0))
                .setNumber(Keys.lastLong(key))
                .build();
    }

    public boolean hasOrphans() {
        try (Cursor cursor = store.scan(Families.ORPHAN, new byte[0], new byte[0])) {
            return cursor.valid();
        }
    }

    /** Whether no transaction is under way here. */
    public boolean quiet() {
        return decisions().isEmpty() && prepared().isEmpty();
    }

    /** Transactions that this shard ever prepared or decided; as long as it stays the same, none has begun. */
    public long transactions() {
        return store.get(Families.META, TwoPhaseCommands.COUNT)
                .map(Keys::lastLong)
                .orElse(0L);
    }

    public Optional<VolumeRecord> volume(final long volume) {
        return Records.volume(store, volume);
    }

    /** The deepest directory on the way to a key that exists; empty where that is the volume's root. */
    public Optional<PathBase> deepest(final long volume, final Key key) {
        final Optional<VolumeRecord> record = volume(volume);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        long directory = record.get().getRoot();
        int segments = 0;
        for (final byte[] name : Path.of(key.toByteArray()).directories()) {
            final Optional<Dentry> entry = Records.directory(store, directory, name);
            if (entry.isEmpty()) {
                break;
            }
            directory = entry.get().getInode();
            segments++;
        }
        return segments == 0
                ? Optional.empty()
                : Optional.of(PathBase.newBuilder()
                        .setDirectory(directory)
                        .setSegments(segments)
                        .build());
    }
}
