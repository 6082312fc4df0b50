package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.Slice;
import java.util.Arrays;

/**
 * Counts the names of files: entries, versions and parts of uploads. A file nobody names is an orphan, unless it is held open.
 *
 * <p>An inode does not know its names, so the names are read and counted for {@link #WINDOW} files at a time: memory is bounded
 * (16 MiB) and a shard of n files costs n / WINDOW passes over the names.
 */
final class NameCounts {
    static final int WINDOW = 1 << 20;

    private static final byte[] ALL = {};

    private final KeyValueReader store;
    private final Findings findings;
    private final int window;
    private long[] files = new long[1024];
    private int[] names = new int[1024];
    private int size;
    private boolean contents;

    NameCounts(final KeyValueReader store, final Findings findings) {
        this(store, findings, WINDOW);
    }

    NameCounts(final KeyValueReader store, final Findings findings, final int window) {
        this.store = store;
        this.findings = findings;
        this.window = window;
    }

    void run() {
        try (Cursor cursor = store.scan(Families.INODE, ALL, ALL)) {
            while (cursor.valid()) {
                fill(cursor);
                count();
                compare();
            }
        }
    }

    private void fill(final Cursor cursor) {
        size = 0;
        contents = false;
        for (; cursor.valid() && size < window; cursor.next()) {
            final Inode inode = Records.parse(Inode.parser(), cursor.value());
            if (inode.getType() != FileType.DIRECTORY) {
                contents |= inode.getContentOnly();
                if (size == files.length) {
                    files = Arrays.copyOf(files, size * 2);
                    names = Arrays.copyOf(names, size * 2);
                }
                files[size++] = Keys.lastLong(cursor.key());
            }
        }
        Arrays.fill(names, 0, size, 0);
    }

    private void count() {
        FamilyRows.forEach(
                store,
                Families.DENTRY,
                (key, value) -> named(Records.parse(Dentry.parser(), value).getInode()));
        FamilyRows.forEach(
                store,
                Families.VERSION,
                (key, value) -> named(Records.versionEntry(value).getInode()));
        FamilyRows.forEach(
                store,
                Families.PART,
                (key, value) -> named(Records.parse(PartRecord.parser(), value).getInode()));
        if (contents) {
            countSegments();
        }
    }

    /** Contents are named by the segments on them; files rarely have any. */
    private void countSegments() {
        FamilyRows.forEach(store, Families.INODE, (key, value) -> Records.parse(Inode.parser(), value)
                .getSlicesList()
                .forEach(this::segment));
        FamilyRows.forEach(store, Families.SLICE, (key, value) -> segment(Records.slice(value)));
    }

    private void segment(final Slice slice) {
        if (slice.getContent() != 0) {
            named(slice.getContent());
        }
    }

    private void named(final long inode) {
        final int at = Arrays.binarySearch(files, 0, size, inode);
        if (at >= 0) {
            names[at]++;
        }
    }

    private void compare() {
        for (int at = 0; at < size; at++) {
            final Inode inode = Records.inode(store, files[at]).orElseThrow();
            findings.expect(
                    inode.getNlink() == names[at],
                    "file %x has %d links, and %d names point to it",
                    files[at],
                    inode.getNlink(),
                    names[at]);
            findings.expect(
                    names[at] > 0
                            || inode.getOpens() > 0
                            || store.get(Families.DOOMED, Keys.of(files[at])).isPresent(),
                    "file %x has no name and nobody holds it open",
                    files[at]);
        }
    }
}
