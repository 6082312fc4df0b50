package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.Attributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An inode of {@link MemoryFileSystem}; guarded by its lock. */
final class MemoryNode {
    static final int S_IFMT = 0xF000;
    static final int S_IFDIR = 0x4000;
    static final int S_IFLNK = 0xA000;
    static final int S_IFREG = 0x8000;
    private static final int SECTOR_BYTES = 512;

    final long number;
    /** Entries of a directory: names to numbers. */
    final Map<Key, Long> names = new TreeMap<>();
    /** Positions of entries, for offsets that hold while others come and go. */
    final Map<Long, Key> positions = new TreeMap<>();

    final Map<Key, byte[]> xattrs = new TreeMap<>();
    final MemoryLocks locks = new MemoryLocks();
    long nextPosition = 3;
    long parent;
    int mode;
    int links = 1;
    int opens;
    int uid;
    int gid;
    int device;
    byte[] content = new byte[0];
    long size;
    Optional<Key> target = Optional.empty();
    long accessed;
    long modified;
    long changed;

    MemoryNode(final long number, final int mode) {
        this.number = number;
        this.mode = mode;
        touch();
        accessed = changed;
    }

    boolean isDirectory() {
        return (mode & S_IFMT) == S_IFDIR;
    }

    /** Content or entries changed. */
    void touch() {
        changed = now();
        modified = changed;
    }

    static long now() {
        final var instant = java.time.Instant.now();
        return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    }

    void put(final Key name, final long child) {
        if (names.put(name, child) == null) {
            positions.put(nextPosition++, name);
        }
        touch();
    }

    void take(final Key name) {
        names.remove(name);
        positions.values().remove(name);
        touch();
    }

    void resize(final long to) {
        if (to > content.length) {
            content = Arrays.copyOf(content, Math.toIntExact(Math.max(to, content.length * 2L)));
        }
        if (to < size) {
            Arrays.fill(content, (int) to, (int) size, (byte) 0);
        }
        size = to;
    }

    Attributes attributes() {
        return new Attributes(
                number,
                mode,
                links,
                uid,
                gid,
                device,
                target.map(to -> (long) to.length()).orElse(size),
                Math.ceilDiv(size, SECTOR_BYTES),
                accessed,
                modified,
                changed);
    }
}
