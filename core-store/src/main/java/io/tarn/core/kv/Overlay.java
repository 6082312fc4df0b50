package io.tarn.core.kv;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Uncommitted changes over a reader: a state machine reads its own writes, undoes those of a command that fails half-way, and
 * hands over the rest at the end of the log entry.
 *
 * <p>Changes of a family lie in a sorted map; a deleted key is kept as a tombstone. {@link #mark} only notes a position in the
 * undo log, so commands that succeed pay nothing for it; {@link #rollback} puts back what the log says, newest first. Marks
 * nest.
 *
 * <p>Cost: a read of an unchanged family is one hash look-up more than the reader's own; else one search of O(log changes) and
 * no allocation but the {@link Optional}. A write is one tree insertion and an undo record (about 100 bytes together); no bytes
 * are copied. A cursor costs one comparison a step more than the reader's. A write to a family while a cursor of it is open
 * copies that family's changes once, so that the cursor sees what was there when it was opened: close cursors before writing.
 *
 * <p>Not thread-safe: an overlay and its cursors belong to one thread.
 */
public final class Overlay implements KeyValueReader, WriteSet {
    /** Keys that one {@link #deleteRange} may delete, for each becomes a tombstone in memory. */
    public static final int RANGE_DELETE_KEYS_MAX = 65_536;

    private static final byte[] TOMBSTONE = new byte[0];

    private final KeyValueReader base;
    private final Map<Family, Layer> layers = new HashMap<>();
    private final List<Undo> undoLog = new ArrayList<>();

    public Overlay(final KeyValueReader base) {
        this.base = base;
    }

    /** A point to which {@link #rollback} can return. */
    public int mark() {
        return undoLog.size();
    }

    /** Undoes every change made since {@code mark}; later marks become invalid. */
    public void rollback(final int mark) {
        for (int i = undoLog.size() - 1; i >= mark; i--) {
            undoLog.removeLast().undo();
        }
    }

    /** Whether there is nothing to hand over. */
    public boolean isEmpty() {
        return layers.values().stream().allMatch(layer -> layer.changes.isEmpty());
    }

    /** Adds the changes to {@code target} in key order, and forgets them with all marks. */
    public void drainTo(final WriteSet target) {
        layers.forEach((family, layer) -> layer.changes.forEach((key, value) -> {
            if (isDeleted(value)) {
                target.delete(family, key);
            } else {
                target.put(family, key, value);
            }
        }));
        layers.clear();
        undoLog.clear();
    }

    @Override
    public void put(final Family family, final byte[] key, final byte[] value) {
        change(family, key, value);
    }

    @Override
    public void delete(final Family family, final byte[] key) {
        change(family, key, TOMBSTONE);
    }

    /**
     * Deletes what a cursor over the range would show.
     *
     * @throws StorageException {@link Failure#TOO_LARGE}, with nothing changed, when that is more than
     *     {@link #RANGE_DELETE_KEYS_MAX} keys
     */
    @Override
    public void deleteRange(final Family family, final byte[] from, final byte[] toExclusive) {
        if (toExclusive.length == 0) {
            throw new IllegalArgumentException("range without an end in " + family.name());
        }
        final List<byte[]> doomed = new ArrayList<>();
        try (Cursor cursor = scan(family, from, toExclusive)) {
            for (; cursor.valid(); cursor.next()) {
                if (doomed.size() == RANGE_DELETE_KEYS_MAX) {
                    throw new StorageException(
                            Failure.TOO_LARGE, "more than " + RANGE_DELETE_KEYS_MAX + " keys in a range to delete");
                }
                doomed.add(cursor.key());
            }
        }
        doomed.forEach(key -> delete(family, key));
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        final Layer layer = layers.get(family);
        if (layer != null) {
            final byte[] changed = layer.changes.get(key);
            if (changed != null) {
                return isDeleted(changed) ? Optional.empty() : Optional.of(changed);
            }
        }
        return base.get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        final Layer layer = layers.get(family);
        if (layer == null || layer.changes.isEmpty()) {
            return base.multiGet(family, keys);
        }
        final List<Optional<byte[]>> values = new ArrayList<>(Collections.nCopies(keys.size(), Optional.empty()));
        final List<byte[]> missing = new ArrayList<>(keys.size());
        final int[] places = new int[keys.size()];
        for (int i = 0; i < keys.size(); i++) {
            final byte[] changed = layer.changes.get(keys.get(i));
            if (changed == null) {
                places[missing.size()] = i;
                missing.add(keys.get(i));
            } else if (!isDeleted(changed)) {
                values.set(i, Optional.of(changed));
            }
        }
        if (!missing.isEmpty()) {
            final List<Optional<byte[]>> found = base.multiGet(family, missing);
            for (int i = 0; i < found.size(); i++) {
                values.set(places[i], found.get(i));
            }
        }
        return values;
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        final Layer layer = layers.get(family);
        if (layer == null || layer.changes.isEmpty() || KeyRange.isEmpty(from, toExclusive)) {
            return base.scan(family, from, toExclusive);
        }
        return new OverlayCursor(base.scan(family, from, toExclusive), layer.share(), from, toExclusive);
    }

    private void change(final Family family, final byte[] key, final byte[] value) {
        Layer layer = layers.get(family);
        if (layer == null) {
            layer = new Layer(family);
            layers.put(family, layer);
        }
        undoLog.add(new Undo(layer, key, layer.change(key, value)));
    }

    /** Whether a value stands for a deleted key; an empty value that somebody put is another array. */
    @SuppressWarnings("ReferenceEquality")
    static boolean isDeleted(final byte[] value) {
        return value == TOMBSTONE;
    }

    /** One change to take back: what the overlay said of a key before, null for nothing. */
    private static final class Undo {
        private final Layer layer;
        private final byte[] key;
        private final byte[] previous;

        Undo(final Layer layer, final byte[] key, final byte[] previous) {
            this.layer = layer;
            this.key = key;
            this.previous = previous;
        }

        void undo() {
            if (previous == null) {
                layer.forget(key);
            } else {
                layer.change(key, previous);
            }
        }
    }

    /**
     * A key as the changes since some mark leave it.
     *
     * @param value empty for a deleted key
     */
    public record Change(Family family, byte[] key, Optional<byte[]> value) {
        /** Does the same to another set. */
        public void applyTo(final WriteSet target) {
            value.ifPresentOrElse(bytes -> target.put(family, key, bytes), () -> target.delete(family, key));
        }
    }

    /** Every key that was changed since {@code mark}, once, with its value now. */
    public List<Change> changesSince(final int mark) {
        final Map<Family, NavigableMap<byte[], byte[]>> found = new LinkedHashMap<>();
        for (final Undo undo : undoLog.subList(mark, undoLog.size())) {
            final byte[] value = undo.layer.changes.get(undo.key);
            found.computeIfAbsent(undo.layer.family, family -> new TreeMap<>(KeyRange::compare))
                    .put(undo.key, value);
        }
        final List<Change> changes = new ArrayList<>();
        found.forEach((family, keys) -> keys.forEach((key, value) ->
                changes.add(new Change(family, key, isDeleted(value) ? Optional.empty() : Optional.of(value)))));
        return changes;
    }

    /** The changes of one family. */
    static final class Layer {
        private final Family family;
        private NavigableMap<byte[], byte[]> changes = new TreeMap<>(KeyRange::compare);
        private int sharedBy;

        private Layer(final Family family) {
            this.family = family;
        }

        private byte[] change(final byte[] key, final byte[] value) {
            unshare();
            return changes.put(key, value);
        }

        private void forget(final byte[] key) {
            unshare();
            changes.remove(key);
        }

        private Shared share() {
            sharedBy++;
            return new Shared(this, changes);
        }

        private void unshare() {
            if (sharedBy > 0) {
                changes = new TreeMap<>(changes);
                sharedBy = 0;
            }
        }

        @SuppressWarnings("ReferenceEquality")
        private void release(final NavigableMap<byte[], byte[]> shared) {
            if (shared == changes) {
                sharedBy--;
            }
        }
    }

    /** The changes of a family as a cursor found them, which nobody alters until it lets go of them. */
    record Shared(Layer layer, NavigableMap<byte[], byte[]> changes) {
        void release() {
            layer.release(changes);
        }
    }
}
