package io.tarn.core.kv;

import java.util.ArrayDeque;
import java.util.Deque;

/** A cursor over one root of a {@link PersistentTree}; the path of nodes still to visit is kept on a stack. */
final class TreeCursor implements Cursor {
    private final PersistentTree root;
    private final byte[] from;
    private final byte[] toExclusive;
    private final Deque<PersistentTree> path = new ArrayDeque<>();

    TreeCursor(final PersistentTree root, final byte[] from, final byte[] toExclusive) {
        this.root = root;
        this.from = from;
        this.toExclusive = toExclusive;
        seek(from);
    }

    @Override
    public boolean valid() {
        return !path.isEmpty() && KeyRange.before(path.getFirst().key(), toExclusive);
    }

    @Override
    public void next() {
        PersistentTree node = path.removeFirst().right();
        while (!node.isEmpty()) {
            path.addFirst(node);
            node = node.left();
        }
    }

    @Override
    public void seek(final byte[] key) {
        final byte[] target = KeyRange.compare(key, from) < 0 ? from : key;
        path.clear();
        PersistentTree node = root;
        while (!node.isEmpty()) {
            if (KeyRange.compare(target, node.key()) <= 0) {
                path.addFirst(node);
                node = node.left();
            } else {
                node = node.right();
            }
        }
    }

    @Override
    public byte[] key() {
        return path.getFirst().key();
    }

    @Override
    public byte[] value() {
        return path.getFirst().value();
    }

    @Override
    public void close() {
        path.clear();
    }
}
