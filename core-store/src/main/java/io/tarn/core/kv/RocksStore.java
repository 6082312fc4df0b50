package io.tarn.core.kv;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on RocksDB, one column family per {@link Family}, without a write-ahead log.
 *
 * <p>Cost: a point read is one JNI call, which copies key and value once each; a multi-get is one call; a cursor allocates
 * native read options and bounds (about 2 µs to open) and then costs two JNI calls a step. A write is one JNI call per change
 * and one to apply the batch; it touches no disk. {@link #flush} writes every family with unflushed changes and fsyncs.
 *
 * <p>Threading: any thread may read; writes are serialised by a lock. {@link #close} waits for calls and cursors in progress.
 */
public final class RocksStore implements KeyValueStore {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStore.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    /** A batch whose memory has grown above this is not kept for the next write. */
    private static final long BATCH_BYTES_KEPT = 1L << 20;

    private final Path directory;
    private final RocksOptions options;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> handles = new HashMap<>();
    private final List<ColumnFamilyHandle> allHandles;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final RocksReader reader;
    private final UseGate gate;
    private final Object writeLock = new Object();
    private WriteBatch batch = new WriteBatch();

    private RocksStore(
            final Path directory,
            final RocksOptions options,
            final RocksDB db,
            final List<Family> families,
            final List<ColumnFamilyHandle> opened) {
        this.directory = directory;
        this.options = options;
        this.db = db;
        this.allHandles = opened;
        this.gate = new UseGate("store " + directory);
        for (int i = 0; i < families.size(); i++) {
            handles.put(families.get(i), opened.get(i));
        }
        this.reader = RocksReader.live(db, handles, gate);
    }

    /**
     * Opens the store in {@code directory}, and makes it and missing families as needed. Families found there that are not
     * listed are kept untouched.
     *
     * @throws StorageException {@link Failure#CORRUPT}, {@link Failure#IO_ERROR} or {@link Failure#OUT_OF_SPACE}
     */
    public static RocksStore open(final Path directory, final List<Family> families, final RocksResources resources) {
        final RocksOptions options = new RocksOptions(resources);
        try {
            Files.createDirectories(directory);
            final List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (final Family family : families) {
                descriptors.add(new ColumnFamilyDescriptor(bytes(family.name()), options.family(family)));
            }
            for (final String other : otherFamilies(directory, families)) {
                descriptors.add(new ColumnFamilyDescriptor(bytes(other), options.family(Family.of(other, 0))));
            }
            final List<ColumnFamilyHandle> opened = new ArrayList<>();
            final DBOptions database = options.database();
            final RocksDB db = RocksDB.open(database, directory.toString(), descriptors, opened);
            return new RocksStore(directory, options, db, families, List.copyOf(opened));
        } catch (final RocksDBException e) {
            options.close();
            throw RocksFailure.of("opening " + directory, e);
        } catch (final IOException e) {
            options.close();
            throw new StorageException(Failure.IO_ERROR, "making " + directory + " failed", e);
        }
    }

    private static List<String> otherFamilies(final Path directory, final List<Family> families)
            throws RocksDBException {
        final List<String> others = new ArrayList<>();
        try (Options plain = new Options()) {
            for (final byte[] name : RocksDB.listColumnFamilies(plain, directory.toString())) {
                others.add(new String(name, StandardCharsets.UTF_8));
            }
        }
        if (others.isEmpty()) {
            others.add(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8));
        }
        families.forEach(family -> others.remove(family.name()));
        return others;
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        return reader.get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        return reader.multiGet(family, keys);
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        return reader.scan(family, from, toExclusive);
    }

    @Override
    public void write(final Consumer<WriteSet> changes) {
        gate.enter();
        try {
            synchronized (writeLock) {
                batch.clear();
                changes.accept(new RocksWriteSet(handles, batch));
                db.write(writeOptions, batch);
                if (batch.getDataSize() > BATCH_BYTES_KEPT) {
                    batch.close();
                    batch = new WriteBatch();
                }
            }
        } catch (final RocksDBException e) {
            throw RocksFailure.of("writing to " + directory, e);
        } finally {
            gate.exit();
        }
    }

    @Override
    public Snapshot snapshot() {
        gate.enter();
        return RocksReader.frozen(db, handles, gate);
    }

    @Override
    public void flush() {
        gate.enter();
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait, allHandles);
        } catch (final RocksDBException e) {
            throw RocksFailure.of("flushing " + directory, e);
        } finally {
            gate.exit();
        }
    }

    @Override
    public void checkpoint(final Path target) {
        gate.enter();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (final RocksDBException e) {
            throw RocksFailure.of("checkpoint of " + directory + " into " + target, e);
        } finally {
            gate.exit();
        }
    }

    /** Flushes and closes. If a cursor is still open after ten seconds the native memory is left to it rather than pulled away. */
    @Override
    public void close() {
        if (!gate.close(CLOSE_PATIENCE)) {
            LOG.warn("store {} was closed before, or is still in use: its memory is not given back", directory);
            return;
        }
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait, allHandles);
        } catch (final RocksDBException e) {
            LOG.warn("store {} was not flushed at close; the log will be replayed", directory, e);
        } finally {
            release();
        }
    }

    private void release() {
        reader.close();
        batch.close();
        writeOptions.close();
        allHandles.forEach(ColumnFamilyHandle::close);
        db.close();
        options.close();
    }

    private static byte[] bytes(final String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
