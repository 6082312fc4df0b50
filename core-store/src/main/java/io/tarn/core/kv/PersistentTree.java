package io.tarn.core.kv;

import java.util.Arrays;

/**
 * An immutable sorted map as a treap: a binary search tree by key that is a heap by a priority drawn from the key's hash, so
 * that the same content has the same shape whatever the history, and stays balanced in expectation. An update copies the
 * O(log n) nodes on its path; every root that was ever handed out stays a valid snapshot.
 */
final class PersistentTree {
    /** The tree without entries; also the child of every leaf. */
    static final PersistentTree EMPTY = new PersistentTree(KeyRange.END, KeyRange.END, 0, null, null);

    private final byte[] key;
    private final byte[] value;
    private final int priority;
    private final PersistentTree left;
    private final PersistentTree right;

    private PersistentTree(
            final byte[] key,
            final byte[] value,
            final int priority,
            final PersistentTree left,
            final PersistentTree right) {
        this.key = key;
        this.value = value;
        this.priority = priority;
        this.left = left;
        this.right = right;
    }

    byte[] key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    PersistentTree left() {
        return left;
    }

    PersistentTree right() {
        return right;
    }

    @SuppressWarnings("ReferenceEquality")
    boolean isEmpty() {
        return this == EMPTY;
    }

    /** The node that holds {@code wanted}, or {@link #EMPTY}. */
    PersistentTree find(final byte[] wanted) {
        PersistentTree node = this;
        while (!node.isEmpty()) {
            final int order = KeyRange.compare(wanted, node.key);
            if (order == 0) {
                return node;
            }
            node = order < 0 ? node.left : node.right;
        }
        return EMPTY;
    }

    PersistentTree with(final byte[] newKey, final byte[] newValue) {
        if (isEmpty()) {
            return new PersistentTree(newKey, newValue, priorityOf(newKey), EMPTY, EMPTY);
        }
        final int order = KeyRange.compare(newKey, key);
        if (order == 0) {
            return new PersistentTree(key, newValue, priority, left, right);
        }
        if (order < 0) {
            final PersistentTree grown = left.with(newKey, newValue);
            return grown.priority > priority
                    ? grown.withChildren(grown.left, withChildren(grown.right, right))
                    : withChildren(grown, right);
        }
        final PersistentTree grown = right.with(newKey, newValue);
        return grown.priority > priority
                ? grown.withChildren(withChildren(left, grown.left), grown.right)
                : withChildren(left, grown);
    }

    @SuppressWarnings("ReferenceEquality")
    PersistentTree without(final byte[] oldKey) {
        if (isEmpty()) {
            return this;
        }
        final int order = KeyRange.compare(oldKey, key);
        if (order == 0) {
            return merge(left, right);
        }
        if (order < 0) {
            final PersistentTree shrunk = left.without(oldKey);
            return shrunk == left ? this : withChildren(shrunk, right);
        }
        final PersistentTree shrunk = right.without(oldKey);
        return shrunk == right ? this : withChildren(left, shrunk);
    }

    private PersistentTree withChildren(final PersistentTree newLeft, final PersistentTree newRight) {
        return new PersistentTree(key, value, priority, newLeft, newRight);
    }

    private static PersistentTree merge(final PersistentTree lower, final PersistentTree upper) {
        if (lower.isEmpty()) {
            return upper;
        }
        if (upper.isEmpty()) {
            return lower;
        }
        return lower.priority > upper.priority
                ? lower.withChildren(lower.left, merge(lower.right, upper))
                : upper.withChildren(merge(lower, upper.left), upper.right);
    }

    /** A positive number spread by the finaliser of MurmurHash3, since keys that differ in the last byte are the usual case. */
    private static int priorityOf(final byte[] key) {
        int hash = Arrays.hashCode(key);
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return (hash ^ (hash >>> 16)) >>> 1;
    }
}
