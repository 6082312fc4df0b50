package io.tarn.core.extent;

import io.tarn.core.file.FileLayer;
import io.tarn.core.file.StoredFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Open files, counted by use: at most {@code maxIdle} stay open unused, the least recently used are closed first.
 * Thread-safe; a lease of an open file costs one short lock.
 */
final class OpenFiles implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ExtentId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final FileLayer layer;
    private final ExtentDirectory directory;
    private final int maxIdle;

    OpenFiles(final FileLayer layer, final ExtentDirectory directory, final int maxIdle) {
        this.layer = layer;
        this.directory = directory;
        this.maxIdle = maxIdle;
    }

    Lease lease(final ExtentId extent) {
        lock.lock();
        try {
            final Entry known = entries.get(extent);
            if (known != null) {
                return leased(known);
            }
        } finally {
            lock.unlock();
        }
        return adopt(extent, layer.open(directory.path(extent)));
    }

    /** Takes over a file just opened; when another thread was quicker, its handle is used and this one closed. */
    Lease adopt(final ExtentId extent, final StoredFile file) {
        lock.lock();
        try {
            final Entry known = entries.get(extent);
            if (known != null) {
                file.close();
                return leased(known);
            }
            final Entry entry = new Entry(file);
            entries.put(extent, entry);
            final Lease lease = leased(entry);
            evict();
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a file, closing it once nobody uses it. */
    void drop(final ExtentId extent) {
        lock.lock();
        try {
            final Entry entry = entries.remove(extent);
            if (entry != null) {
                entry.dropped = true;
                closeIfUnused(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes what nobody uses. */
    void closeIdle() {
        lock.lock();
        try {
            entries.values().removeIf(entry -> {
                if (entry.users == 0) {
                    entry.file.close();
                    return true;
                }
                return false;
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (final Entry entry : entries.values()) {
                entry.dropped = true;
                closeIfUnused(entry);
            }
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    private Lease leased(final Entry entry) {
        entry.users++;
        return new Lease(entry);
    }

    private void evict() {
        if (entries.size() > maxIdle) {
            final var oldest = entries.values().iterator();
            while (oldest.hasNext() && entries.size() > maxIdle) {
                final Entry entry = oldest.next();
                if (entry.users == 0) {
                    oldest.remove();
                    entry.file.close();
                }
            }
        }
    }

    private static void closeIfUnused(final Entry entry) {
        if (entry.dropped && entry.users == 0) {
            entry.file.close();
        }
    }

    private static final class Entry {
        private final StoredFile file;
        private int users;
        private boolean dropped;

        Entry(final StoredFile file) {
            this.file = file;
        }
    }

    /** The right to use an open file until closed. */
    final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean closed;

        private Lease(final Entry entry) {
            this.entry = entry;
        }

        StoredFile file() {
            return entry.file;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    entry.users--;
                    closeIfUnused(entry);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
