package io.tarn.posix.fs;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the entries of an open directory stand, by number. A directory stream needs a number for each entry that leads back to the one behind
 * it whatever happens to the others (telldir(3)); the storage goes on from a name. So the entries given out are counted, and of
 * each page the names it lies between are kept and a 64-bit digest of each entry. Who comes back to a number has the page read again:
 * what is still there has the number it had, what is new there is not given, what is gone is not missed. So an entry that stays is given
 * exactly once.
 *
 * <p>Memory: 8 bytes an entry and two names a page of {@value #PAGE_ENTRIES}; a million entries take 8 MiB. When all directories
 * together use up the budget, further pages go without digests: coming back into the middle of one then counts
 * entries, which is exact only while the page does not change. Not thread-safe.
 */
final class PositionTable {
    static final int PAGE_ENTRIES = 1_000;
    private static final long[] NONE = {};

    private final AtomicLong budget;
    private final List<Page> pages = new ArrayList<>();

    /**
     * What was read at once.
     *
     * @param after position it begins after
     * @param end position of its last entry
     * @param digests of its entries, if there was room for them
     * @param count of its entries
     * @param last whether the directory ended there
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Page(Key after, Key end, long[] digests, int count, boolean last) {}

    /** An entry and its number. */
    record Numbered(long number, DirectoryPage.Entry entry) {}

    /** @param budget digests that all directories together may still keep */
    PositionTable(final AtomicLong budget) {
        this.budget = budget;
    }

    boolean knows(final long pageNumber) {
        return pageNumber < pages.size();
    }

    /** Pages that were read. */
    int count() {
        return pages.size();
    }

    Page page(final long pageNumber) {
        return pages.get((int) pageNumber);
    }

    /** Whether there are entries behind the pages that were read. */
    boolean goesOn() {
        return pages.isEmpty() || !pages.getLast().last;
    }

    /** Where the next page begins. */
    Key end() {
        return pages.isEmpty() ? Key.EMPTY : pages.getLast().end;
    }

    /** Adds the page that follows, which is full unless it is the last, and numbers its entries. */
    List<Numbered> add(final DirectoryPage page) {
        final List<DirectoryPage.Entry> entries = page.entries();
        final boolean kept = budget.addAndGet(-entries.size()) >= 0;
        if (!kept) {
            budget.addAndGet(entries.size());
        }
        final long[] digests = kept
                ? entries.stream().mapToLong(entry -> digest(entry.position())).toArray()
                : NONE;
        final long first = (long) pages.size() * PAGE_ENTRIES;
        final Key end = entries.isEmpty() ? end() : entries.getLast().position();
        pages.add(new Page(end(), end, digests, entries.size(), !page.more()));
        final List<Numbered> numbered = new ArrayList<>(entries.size());
        for (int at = 0; at < entries.size(); at++) {
            numbered.add(new Numbered(first + at, entries.get(at)));
        }
        return numbered;
    }

    /** FNV-1a: who makes two names of one page collide hides one of his own from himself. */
    private static long digest(final Key position) {
        long hash = 0xcbf29ce484222325L;
        for (int at = 0; at < position.length(); at++) {
            hash = (hash ^ (position.at(at) & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The numbers that entries between the ends of a page have. */
    List<Numbered> number(final long pageNumber, final List<DirectoryPage.Entry> entries) {
        final Page page = page(pageNumber);
        final long first = pageNumber * PAGE_ENTRIES;
        final Map<Long, Integer> places = new HashMap<>();
        for (int at = 0; at < page.digests.length; at++) {
            places.put(page.digests[at], at);
        }
        final boolean counted = page.digests.length == 0;
        final List<Numbered> numbered = new ArrayList<>();
        for (int at = 0; at < entries.size(); at++) {
            final int place =
                    counted ? at : places.getOrDefault(digest(entries.get(at).position()), page.count);
            if (place < page.count) {
                numbered.add(new Numbered(first + place, entries.get(at)));
            }
        }
        return numbered;
    }

    void clear() {
        pages.forEach(page -> budget.addAndGet(page.digests.length));
        pages.clear();
    }
}
