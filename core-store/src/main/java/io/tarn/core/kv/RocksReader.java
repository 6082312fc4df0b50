package io.tarn.core.kv;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Slice;

/** Reads the live database or a snapshot of it; the read options of point reads are made once. */
final class RocksReader implements KeyValueStore.Snapshot {
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> handles;
    private final UseGate gate;
    private final Optional<org.rocksdb.Snapshot> snapshot;
    private final ReadOptions pointReads = new ReadOptions();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RocksReader(
            final RocksDB db,
            final Map<Family, ColumnFamilyHandle> handles,
            final UseGate gate,
            final Optional<org.rocksdb.Snapshot> snapshot) {
        this.db = db;
        this.handles = handles;
        this.gate = gate;
        this.snapshot = snapshot;
        snapshot.ifPresent(pointReads::setSnapshot);
    }

    static RocksReader live(final RocksDB db, final Map<Family, ColumnFamilyHandle> handles, final UseGate gate) {
        return new RocksReader(db, handles, gate, Optional.empty());
    }

    /** A reader of this moment; the caller has entered the gate for it, {@link #close} leaves it. */
    static RocksReader frozen(final RocksDB db, final Map<Family, ColumnFamilyHandle> handles, final UseGate gate) {
        return new RocksReader(db, handles, gate, Optional.of(db.getSnapshot()));
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        gate.enter();
        try {
            return Optional.ofNullable(db.get(handle(family), pointReads, key));
        } catch (final RocksDBException e) {
            throw RocksFailure.of("reading " + family.name(), e);
        } finally {
            gate.exit();
        }
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        gate.enter();
        try {
            return db.multiGetAsList(pointReads, Collections.nCopies(keys.size(), handle(family)), keys).stream()
                    .map(Optional::ofNullable)
                    .toList();
        } catch (final RocksDBException e) {
            throw RocksFailure.of("reading " + family.name(), e);
        } finally {
            gate.exit();
        }
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        if (KeyRange.isEmpty(from, toExclusive)) {
            return EmptyCursor.INSTANCE;
        }
        gate.enter();
        final ColumnFamilyHandle handle = handle(family);
        final Optional<Slice> end = toExclusive.length == 0 ? Optional.empty() : Optional.of(new Slice(toExclusive));
        final ReadOptions options = new ReadOptions();
        snapshot.ifPresent(options::setSnapshot);
        end.ifPresent(options::setIterateUpperBound);
        if (KeyRange.withinPrefix(from, toExclusive, family.prefixLength())) {
            options.setPrefixSameAsStart(true);
        } else {
            options.setTotalOrderSeek(true);
        }
        return new RocksCursor(db.newIterator(handle, options), options, end, gate, from, toExclusive);
    }

    private ColumnFamilyHandle handle(final Family family) {
        return Objects.requireNonNull(handles.get(family), () -> "no family " + family);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pointReads.close();
            snapshot.ifPresent(held -> {
                db.releaseSnapshot(held);
                held.close();
                gate.exit();
            });
        }
    }
}
