package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.client.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A directory that this client has for itself, as far as it knows it. Guarded by the lock of its {@link HeldTree}. */
final class HeldDirectory {
    final long id;
    final long volume;
    /** The directory that it is in, as far as known; 0 where not. */
    final long parent;
    /** What names lead to, and names that lead nowhere or are not known. */
    private final Map<Key, Bearer> names = new HashMap<>();
    /** Names that are not listed lead nowhere. */
    private boolean complete;
    /** Names that lead somewhere. */
    private int present;
    /** The directory itself, with all that is promised; empty when it has to be asked for. */
    private Optional<Node> node = Optional.empty();
    /** Rises with every change made here, so that what was read meanwhile is not remembered. */
    private long changes;

    /** What a name leads to. */
    sealed interface Bearer {}

    record Inode(long id) implements Bearer {}

    record Nothing() implements Bearer {}

    record Unknown() implements Bearer {}

    private static final Bearer NOTHING = new Nothing();
    private static final Bearer UNKNOWN = new Unknown();

    HeldDirectory(final long id, final long volume, final long parent) {
        this.id = id;
        this.volume = volume;
        this.parent = parent;
    }

    /** A directory that this client has just made. */
    static HeldDirectory newborn(final Node made) {
        final HeldDirectory directory = new HeldDirectory(made.inode(), made.volume(), made.parent());
        directory.complete = true;
        directory.node = Optional.of(made);
        return directory;
    }

    Bearer bearer(final Key name) {
        final Bearer known = names.get(name);
        if (known != null) {
            return known;
        }
        return complete ? NOTHING : UNKNOWN;
    }

    private void put(final Key name, final Bearer bearer) {
        if (names.put(name, bearer) instanceof Inode) {
            present--;
        }
        if (bearer instanceof Inode) {
            present++;
        }
    }

    void leadsTo(final Key name, final long inode) {
        changes++;
        put(name, new Inode(inode));
    }

    void leadsNowhere(final Key name) {
        changes++;
        if (!complete) {
            put(name, NOTHING);
        } else if (names.remove(name) instanceof Inode) {
            present--;
        }
    }

    /** What a name leads to has to be asked for. */
    void forget(final Key name) {
        changes++;
        put(name, UNKNOWN);
    }

    /** Whether it is certain that there is nothing in it. */
    boolean isEmpty() {
        return complete && present == 0 && names.values().stream().noneMatch(Unknown.class::isInstance);
    }

    int size() {
        return names.size();
    }

    long changes() {
        return changes;
    }

    /** Everything that is in it was read, with nothing changed meanwhile; what is known otherwise stays. */
    void list(final Map<Key, Long> entries) {
        entries.forEach((name, inode) -> {
            if (!names.containsKey(name)) {
                put(name, new Inode(inode));
            }
        });
        complete = true;
    }

    /** Names known to lead somewhere, and the inodes. */
    Map<Key, Long> entries() {
        final Map<Key, Long> entries = new HashMap<>();
        names.forEach((name, bearer) -> {
            if (bearer instanceof final Inode inode) {
                entries.put(name, inode.id());
            }
        });
        return entries;
    }

    Optional<Node> node() {
        return node;
    }

    void node(final Node now) {
        node = Optional.of(now);
    }

    /** Its attributes have to be asked for. */
    void forgetNode() {
        changes++;
        node = Optional.empty();
    }

    /** Something of it was lost: nothing that is known holds. */
    void doubt() {
        changes++;
        names.clear();
        present = 0;
        complete = false;
        node = Optional.empty();
    }
}
