package io.tarn.posix.fs;

import io.tarn.client.AttributeChange;
import io.tarn.posix.journal.AttributeRecord;
import io.tarn.posix.journal.RecordRing;
import io.tarn.posix.journal.RecordRing.Entry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The records of one file that count: of what its writers were answered for and that is not committed. Whoever commits takes all that are
 * there before he begins, and they are over when it is done; what comes meanwhile is the next one's.
 *
 * <p>Thread-safe. Who changes the file does it {@linkplain #inOrder in order}, so that the journal has changes as the client has them.
 */
final class Uncommitted {
    /** So many small writes make a commit, for each keeps a few bytes here too. */
    static final int RECORDS_MAX = 1 << 14;

    private final RecordRing ring;
    private final Duration patience;
    private final ReentrantLock ordering = new ReentrantLock();
    private List<Entry> entries = new ArrayList<>();

    /** @param patience with a full journal */
    Uncommitted(final RecordRing ring, final Duration patience) {
        this.ring = ring;
        this.patience = patience;
    }

    /** Alone of those who change what the file holds; {@code EINTR} for who is interrupted before. */
    <T> T inOrder(final Supplier<T> change) {
        try {
            ordering.lockInterruptibly();
        } catch (final InterruptedException interrupt) {
            throw Errno.EINTR.exception();
        }
        try {
            return change.get();
        } finally {
            ordering.unlock();
        }
    }

    /** Most bytes of a record. */
    int bytesMax() {
        return ring.bytesMax();
    }

    /** Keeps bytes that are about to be given to the client. */
    Entry write(final long inode, final long offset, final long nanos, final ByteBuffer bytes) {
        return kept(() -> ring.write(inode, offset, nanos, bytes, patience));
    }

    /** Keeps attributes that are about to be given to the client. */
    Entry attributes(final long inode, final long nanos, final AttributeChange change) {
        return kept(() -> ring.attributes(inode, nanos, AttributeRecord.lay(change), patience));
    }

    /** What puts something into the journal. */
    @FunctionalInterface
    private interface Keeping {
        Optional<Entry> put() throws InterruptedException;
    }

    private static Entry kept(final Keeping keeping) {
        try {
            return keeping.put().orElseThrow(Errno.EIO::exception);
        } catch (final InterruptedException interrupt) {
            throw Errno.EINTR.exception();
        }
    }

    /** Gives to the client what is in the journal; the record counts until that is committed, or not at all where it fails. */
    <T> T keeping(final Entry entry, final Supplier<T> giving) {
        boolean given = false;
        try {
            final T result = giving.get();
            given = true;
            return result;
        } finally {
            if (given) {
                add(entry);
            } else {
                entry.over();
            }
        }
    }

    private synchronized void add(final Entry entry) {
        entries.add(entry);
    }

    /** Whether there are so many that they should be committed. */
    synchronized boolean isDue() {
        return entries.size() >= RECORDS_MAX;
    }

    /** Those of everything that was given to the client so far. */
    synchronized List<Entry> take() {
        final List<Entry> taken = entries;
        entries = new ArrayList<>();
        return taken;
    }

    /** The commit failed and may yet succeed. */
    synchronized void putBack(final List<Entry> taken) {
        taken.addAll(entries);
        entries = taken;
    }

    /** It is committed, or known to be lost. */
    void over(final List<Entry> taken) {
        ring.over(taken);
    }

    /** The file is let go, with whatever could not be committed. */
    void close() {
        over(take());
        ring.trim();
    }
}
