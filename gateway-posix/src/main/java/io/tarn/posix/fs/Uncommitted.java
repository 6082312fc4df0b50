package io.tarn.posix.fs;

import io.tarn.posix.journal.RecordRing;
import io.tarn.posix.journal.RecordRing.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one file that count: of what its writers were answered for and that is not committed. Whoever commits takes all that are
 * there before he begins, and they are over when it is done; what comes meanwhile is the next one's. Thread-safe.
 */
final class Uncommitted {
    /** So many small writes make a commit, for each keeps a few bytes here too. */
    static final int RECORDS_MAX = 1 << 14;

    private final RecordRing ring;
    private List<Entry> entries = new ArrayList<>();

    Uncommitted(final RecordRing ring) {
        this.ring = ring;
    }

    /** A record of what the client has been given. Whether there are so many that a commit is due. */
    synchronized boolean add(final Entry entry) {
        entries.add(entry);
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
}
