package io.tarn.posix.fs;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.posix.fs.Failures.Doing;
import io.tarn.posix.fs.PositionTable.Numbered;
import io.tarn.posix.fs.PositionTable.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open directory: gives its entries by number, a page at a time; the page that is being given is kept. A number that this process
 * has not given out (an earlier one of this mount has) is reached by counting from the start. Thread-safe: readers of one
 * open directory take turns.
 */
final class OpenDirectory {
    private final MountPoint mount;
    private final long inode;
    private final PositionTable positions;
    private final ReentrantLock lock = new ReentrantLock();
    private Buffer buffer = Buffer.EMPTY;

    /** Entries of a page, as they were after a moment. */
    private record Buffer(long page, List<Numbered> entries, long moment) {
        static final Buffer EMPTY = new Buffer(-1, List.of(), 0);
    }

    /** Takes entries while there is room. */
    @FunctionalInterface
    interface Taker {
        /** An entry that was read after {@code moment}; false when there was no room. */
        boolean take(DirectoryPage.Entry entry, long number, long moment);
    }

    OpenDirectory(final MountPoint mount, final long inode, final AtomicLong budget) {
        this.mount = mount;
        this.inode = inode;
        this.positions = new PositionTable(budget);
    }

    /** Gives entries from a number on; from 0, as they are now. */
    void read(final long from, final boolean rewound, final Taker taker) {
        lock.lock();
        try {
            if (rewound) {
                positions.clear();
                buffer = Buffer.EMPTY;
            }
            long number = from;
            while (load(number / PositionTable.PAGE_ENTRIES)) {
                for (final Numbered numbered : buffer.entries) {
                    if (numbered.number() >= number
                            && !taker.take(numbered.entry(), numbered.number(), buffer.moment)) {
                        return;
                    }
                }
                number = (buffer.page + 1) * PositionTable.PAGE_ENTRIES;
            }
            buffer = Buffer.EMPTY;
        } finally {
            lock.unlock();
        }
    }

    /** Has a page in the buffer; false when the directory has ended before it. */
    private boolean load(final long page) {
        if (buffer.page == page) {
            return true;
        }
        if (positions.knows(page)) {
            final long moment = mount.memory().now();
            buffer = new Buffer(page, positions.number(page, reread(positions.page(page))), moment);
            return true;
        }
        while (!positions.knows(page) && positions.goesOn()) {
            final long moment = mount.memory().now();
            final long next = positions.count();
            buffer = new Buffer(next, positions.add(list(positions.end(), PositionTable.PAGE_ENTRIES)), moment);
        }
        return positions.knows(page);
    }

    private DirectoryPage list(final Key after, final int limit) {
        return mount.patience().query(Doing.LOOKUP, () -> mount.inodes().readDirectory(inode, after, limit));
    }

    /** What stands between the ends of a page now, which may be more than it had. */
    private List<DirectoryPage.Entry> reread(final Page page) {
        final List<DirectoryPage.Entry> entries = new ArrayList<>();
        Key after = page.after();
        while (page.count() > 0) {
            final DirectoryPage listed = list(after, Inodes.PAGE_MAX);
            for (final DirectoryPage.Entry entry : listed.entries()) {
                if (entry.position().compareTo(page.end()) > 0) {
                    return entries;
                }
                entries.add(entry);
                after = entry.position();
            }
            if (!listed.more()) {
                break;
            }
        }
        return entries;
    }

    void close() {
        lock.lock();
        try {
            positions.clear();
            buffer = Buffer.EMPTY;
        } finally {
            lock.unlock();
        }
    }
}
