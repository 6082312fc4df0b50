package io.tarn.core.kv;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A deterministic store in memory, for simulations and models. Readers are lock-free: each sees the immutable roots that were
 * current when it looked; a write swaps all roots at once, so a snapshot costs nothing. What {@link #flush} saw is remembered
 * and is what {@link #afterCrash} goes back to.
 */
public final class MemoryStore implements KeyValueStore {
    /** Name of the one file of a checkpoint. */
    public static final String CHECKPOINT_FILE = "store.dump";

    private final Object writeLock = new Object();
    private volatile View current;
    private volatile View durable;
    private volatile boolean closed;

    public MemoryStore(final List<Family> families) {
        this(View.empty(families));
    }

    private MemoryStore(final View view) {
        this.current = view;
        this.durable = view;
    }

    /** A store with the content that {@link #dump} wrote. Families of the dump that are not listed are refused. */
    public static MemoryStore load(final List<Family> families, final byte[] dump) {
        final Map<String, Family> byName = new HashMap<>();
        families.forEach(family -> byName.put(family.name(), family));
        final Map<Family, PersistentTree> roots = new HashMap<>(View.empty(families).roots);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(dump))) {
            for (int remaining = in.readInt(); remaining > 0; remaining--) {
                final String name = in.readUTF();
                final Family family = Optional.ofNullable(byName.get(name))
                        .orElseThrow(() -> new StorageException(Failure.CORRUPT, "dump has unknown family " + name));
                PersistentTree root = PersistentTree.EMPTY;
                for (int entries = in.readInt(); entries > 0; entries--) {
                    final byte[] key = in.readNBytes(in.readInt());
                    root = root.with(key, in.readNBytes(in.readInt()));
                }
                roots.put(family, root);
            }
        } catch (final IOException e) {
            throw new StorageException(Failure.CORRUPT, "dump of a store cannot be read", e);
        }
        return new MemoryStore(new View(roots));
    }

    /** The current content, the same bytes for the same content. */
    public byte[] dump() {
        return open().dump();
    }

    /** A store as a restart after a crash finds it: with what was there at the last {@link #flush}. */
    public MemoryStore afterCrash() {
        return new MemoryStore(durable);
    }

    @Override
    public void write(final Consumer<WriteSet> changes) {
        synchronized (writeLock) {
            final Changes collected = new Changes(open());
            changes.accept(collected);
            current = new View(collected.roots);
        }
    }

    @Override
    public Optional<byte[]> get(final Family family, final byte[] key) {
        return open().get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
        return open().multiGet(family, keys);
    }

    @Override
    public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
        return open().scan(family, from, toExclusive);
    }

    @Override
    public Snapshot snapshot() {
        return open();
    }

    @Override
    public void flush() {
        durable = open();
    }

    @Override
    public void checkpoint(final Path directory) {
        try {
            Files.createDirectory(directory);
            Files.write(directory.resolve(CHECKPOINT_FILE), dump());
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "checkpoint into " + directory + " failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private View open() {
        if (closed) {
            throw new StorageException(Failure.UNAVAILABLE, "the store is closed");
        }
        return current;
    }

    private record View(Map<Family, PersistentTree> roots) implements Snapshot {
        static View empty(final List<Family> families) {
            final Map<Family, PersistentTree> roots = new HashMap<>();
            families.forEach(family -> roots.put(family, PersistentTree.EMPTY));
            return new View(roots);
        }

        PersistentTree root(final Family family) {
            return Objects.requireNonNull(roots.get(family), () -> "no family " + family);
        }

        @Override
        public Optional<byte[]> get(final Family family, final byte[] key) {
            final PersistentTree found = root(family).find(key);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.value());
        }

        @Override
        public List<Optional<byte[]>> multiGet(final Family family, final List<byte[]> keys) {
            return keys.stream().map(key -> get(family, key)).toList();
        }

        @Override
        public Cursor scan(final Family family, final byte[] from, final byte[] toExclusive) {
            return new TreeCursor(root(family), from, toExclusive);
        }

        @Override
        public void close() {
            // nothing is held: old roots are reclaimed by the garbage collector
        }

        byte[] dump() {
            final Map<String, PersistentTree> sorted = new TreeMap<>();
            roots.forEach((family, root) -> sorted.put(family.name(), root));
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeInt(sorted.size());
                for (final Map.Entry<String, PersistentTree> family : sorted.entrySet()) {
                    out.writeUTF(family.getKey());
                    dump(family.getValue(), out);
                }
            } catch (final IOException e) {
                throw new UncheckedIOException("memory refused a write", e);
            }
            return bytes.toByteArray();
        }

        private static void dump(final PersistentTree root, final DataOutputStream out) throws IOException {
            int entries = 0;
            for (final TreeCursor c = new TreeCursor(root, KeyRange.END, KeyRange.END); c.valid(); c.next()) {
                entries++;
            }
            out.writeInt(entries);
            for (final TreeCursor c = new TreeCursor(root, KeyRange.END, KeyRange.END); c.valid(); c.next()) {
                out.writeInt(c.key().length);
                out.write(c.key());
                out.writeInt(c.value().length);
                out.write(c.value());
            }
        }
    }

    private static final class Changes implements WriteSet {
        private final Map<Family, PersistentTree> roots;

        Changes(final View before) {
            this.roots = new HashMap<>(before.roots);
        }

        @Override
        public void put(final Family family, final byte[] key, final byte[] value) {
            roots.put(family, root(family).with(key, value));
        }

        @Override
        public void delete(final Family family, final byte[] key) {
            roots.put(family, root(family).without(key));
        }

        @Override
        public void deleteRange(final Family family, final byte[] from, final byte[] toExclusive) {
            if (toExclusive.length == 0) {
                throw new IllegalArgumentException("range without an end in " + family.name());
            }
            PersistentTree root = root(family);
            for (final TreeCursor c = new TreeCursor(root, from, toExclusive); c.valid(); c.next()) {
                root = root.without(c.key());
            }
            roots.put(family, root);
        }

        private PersistentTree root(final Family family) {
            return Objects.requireNonNull(roots.get(family), () -> "no family " + family);
        }
    }
}
