package io.tarn.core.kv;

import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A native iterator with its bounds. Keeps the gate of its store entered until it is closed. */
final class RocksCursor implements Cursor {
    private final RocksIterator iterator;
    private final ReadOptions options;
    private final Optional<Slice> end;
    private final UseGate gate;
    private final byte[] from;
    private final byte[] toExclusive;
    private boolean valid;
    private boolean closed;

    RocksCursor(
            final RocksIterator iterator,
            final ReadOptions options,
            final Optional<Slice> end,
            final UseGate gate,
            final byte[] from,
            final byte[] toExclusive) {
        this.iterator = iterator;
        this.options = options;
        this.end = end;
        this.gate = gate;
        this.from = from;
        this.toExclusive = toExclusive;
        iterator.seek(from);
        settle();
    }

    @Override
    public boolean valid() {
        return valid;
    }

    @Override
    public void next() {
        iterator.next();
        settle();
    }

    @Override
    public void seek(final byte[] key) {
        if (!KeyRange.before(key, toExclusive)) {
            valid = false;
            return;
        }
        iterator.seek(KeyRange.compare(key, from) < 0 ? from : key);
        settle();
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            iterator.close();
            options.close();
            end.ifPresent(Slice::close);
            gate.exit();
        }
    }

    /** An iterator that stopped at an error looks like one at the end: ask it. */
    private void settle() {
        valid = iterator.isValid();
        if (!valid) {
            try {
                iterator.status();
            } catch (final RocksDBException e) {
                close();
                throw RocksFailure.of("scanning", e);
            }
        }
    }
}
