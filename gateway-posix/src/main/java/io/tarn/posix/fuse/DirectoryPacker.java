package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.DirectorySink;
import io.tarn.posix.fs.Entry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Lays entries one behind the other (struct fuse_dirent, fuse_direntplus) while they fit.
 *
 * <p>An entry of READDIRPLUS counts as a lookup with the kernel, but for {@code .} and {@code ..}, and one whose inode is given as 0 tells
 * nothing but its name.
 */
final class DirectoryPacker implements DirectorySink {
    private static final int DIRENT_BYTES = 24;
    private static final int TYPE_SHIFT = 12;

    private final MemorySegment to;
    private final long at;
    private final int capacity;
    private final boolean plus;
    private int used;

    DirectoryPacker(final MemorySegment to, final long at, final int capacity, final boolean plus) {
        this.to = to;
        this.at = at;
        this.capacity = capacity;
        this.plus = plus;
    }

    @Override
    public boolean add(final Key name, final Entry entry, final long next) {
        final int direntAt = plus ? Answers.ENTRY_BYTES : 0;
        final int length = direntAt + DIRENT_BYTES + name.length();
        final int padded = Math.ceilDiv(length, Long.BYTES) * Long.BYTES;
        if (padded > capacity - used) {
            return false;
        }
        final long start = at + used;
        if (plus) {
            if (isDots(name)) {
                Answers.noEntry(to, start, 0);
            } else {
                Answers.entry(to, start, entry);
            }
        }
        final long dirent = start + direntAt;
        Answers.int64(to, dirent, entry.attributes().inode());
        Answers.int64(to, dirent + 8, next);
        Answers.int32(to, dirent + 16, name.length());
        Answers.int32(to, dirent + 20, entry.attributes().mode() >>> TYPE_SHIFT & 0xF);
        for (int i = 0; i < name.length(); i++) {
            to.set(ValueLayout.JAVA_BYTE, dirent + DIRENT_BYTES + i, name.at(i));
        }
        to.asSlice(start + length, padded - length).fill((byte) 0);
        used += padded;
        return true;
    }

    private static boolean isDots(final Key name) {
        return name.length() <= 2
                && name.length() > 0
                && name.at(0) == '.'
                && (name.length() == 1 || name.at(1) == '.');
    }

    /** Bytes laid so far. */
    int used() {
        return used;
    }
}
