package io.tarn.core.kv;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;

/** Merges a cursor of the reader below with the changes of an {@link Overlay}; a change hides the reader's entry of its key. */
final class OverlayCursor implements Cursor {
    private final Cursor base;
    private final Overlay.Shared shared;
    private final byte[] from;
    private final byte[] toExclusive;
    private Iterator<Map.Entry<byte[], byte[]>> changes = Collections.emptyIterator();
    /** The next change at or after the position; null when there is none in the range. */
    private Map.Entry<byte[], byte[]> change;
    /** Whether the position is that of {@link #change} and not the base's alone. */
    private boolean onChange;

    private boolean closed;

    OverlayCursor(final Cursor base, final Overlay.Shared shared, final byte[] from, final byte[] toExclusive) {
        this.base = base;
        this.shared = shared;
        this.from = from;
        this.toExclusive = toExclusive;
        seekChanges(from);
        settle();
    }

    @Override
    public boolean valid() {
        return onChange || base.valid();
    }

    @Override
    public void next() {
        if (onChange) {
            nextChange();
        } else {
            base.next();
        }
        settle();
    }

    @Override
    public void seek(final byte[] key) {
        final byte[] target = KeyRange.compare(key, from) < 0 ? from : key;
        base.seek(target);
        seekChanges(target);
        settle();
    }

    @Override
    public byte[] key() {
        return onChange ? change.getKey() : base.key();
    }

    @Override
    public byte[] value() {
        return onChange ? change.getValue() : base.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            shared.release();
            base.close();
        }
    }

    private void seekChanges(final byte[] target) {
        changes = shared.changes().tailMap(target, true).entrySet().iterator();
        nextChange();
    }

    private void nextChange() {
        change = changes.hasNext() ? changes.next() : null;
        if (change != null && !KeyRange.before(change.getKey(), toExclusive)) {
            change = null;
        }
    }

    /** Steps over what is deleted or hidden until the position is an entry that exists, or the end. */
    private void settle() {
        onChange = false;
        while (change != null) {
            final int order = base.valid() ? KeyRange.compare(change.getKey(), base.key()) : -1;
            if (order > 0) {
                return;
            }
            if (order == 0) {
                base.next();
            }
            if (!Overlay.isDeleted(change.getValue())) {
                onChange = true;
                return;
            }
            nextChange();
        }
    }
}
