package io.tarn.s3.fake;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers one page of a listing from entries given in order. */
final class ListingPage {
    private final Key prefix;
    private final Key delimiter;
    private final Key after;
    private final int limit;
    private final List<Entry> entries = new ArrayList<>();
    private boolean truncated;
    private Key rolledUp = Key.EMPTY;

    ListingPage(final Key prefix, final Key delimiter, final Key after, final int limit) {
        this.prefix = prefix;
        this.delimiter = delimiter;
        this.after = after;
        this.limit = limit;
    }

    /** Takes an entry in if it belongs to the page; {@code false} once the page is full. */
    boolean take(final Found found, final boolean afterMarker) {
        Key key = found.key();
        if (!afterMarker || !key.startsWith(prefix)) {
            return true;
        }
        Key rollUp = rollUp(key, prefix, delimiter);
        if (!rollUp.isEmpty() && (rollUp.equals(rolledUp) || coveredByMarker(rollUp))) {
            return true;
        }
        if (entries.size() == limit) {
            truncated = true;
            return false;
        }
        rolledUp = rollUp;
        entries.add(rollUp.isEmpty() ? found : new CommonPrefix(rollUp));
        return true;
    }

    private boolean coveredByMarker(final Key rollUp) {
        return after.equals(rollUp);
    }

    Listing listing() {
        return new Listing(entries, truncated && limit > 0);
    }

    static Key rollUp(final Key key, final Key prefix, final Key delimiter) {
        if (delimiter.isEmpty()) {
            return Key.EMPTY;
        }
        byte[] bytes = key.toByteArray();
        byte[] wanted = delimiter.toByteArray();
        for (int i = prefix.length(); i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return Key.of(Arrays.copyOf(bytes, i + wanted.length));
            }
        }
        return Key.EMPTY;
    }
}
