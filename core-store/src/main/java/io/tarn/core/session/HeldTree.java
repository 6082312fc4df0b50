package io.tarn.core.session;

import io.tarn.client.Inodes.Entry;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.session.HeldDirectory.Bearer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The directories that this client has for itself, what it knows of them, and what it has promised there.
 *
 * <p>Who changes something claims the names and inodes that it is about first; so one thing happens to a name at a time, whether it is promised
 * or carried out by a command, and what is asked of the shard under a claim stays true until the claim ends. Claims are taken all at once,
 * those of names before those of inodes, so nobody waits for another who waits for him. A recall takes no claim: it ends what is held
 * between two steps of whoever is at work, who then finds it gone.
 *
 * <p>Thread-safe: one lock, never held over a call to a shard, but while a full queue is waited for.
 */
final class HeldTree {
    /** Directories held at a time; the one that was had first makes room for another. */
    private static final int DIRECTORIES_MAX = 8_192;
    /** Names remembered of all of them. */
    private static final int NAMES_MAX = 500_000;
    /** Recalls of directories that this client does not know yet to hold. */
    private static final int EARLY_MAX = 1_024;
    /** How long the answer to a command may be behind a recall. */
    private static final Duration EARLY = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    final PromiseQueue queue;
    final DelegationPolicy policy = new DelegationPolicy();
    private final Map<Long, HeldDirectory> held = new LinkedHashMap<>();
    /** By file of one name, the held directory that it is in. */
    private final Map<Long, Long> places = new HashMap<>();
    /** Inodes as they will be, while something of them is only promised. */
    private final Map<Long, Node> promised = new HashMap<>();
    /** Inodes among them that have never been committed. */
    private final Set<Long> unborn = new HashSet<>();

    private final Set<Entry> busyNames = new HashSet<>();
    private final Set<Long> busyInodes = new HashSet<>();
    /** Held directories in which something is changed by plain commands now. */
    private final Map<Long, Integer> plains = new HashMap<>();
    /** Recalled before their grant was known here. */
    private final Map<Long, Long> early = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, Long> eldest) {
            return size() > EARLY_MAX;
        }
    };
    /** Local numbers for nodes that are only promised. */
    private long generation;
    /** That holds the directories. */
    private long session;

    HeldTree(final PromiseJournal journal) {
        this.queue = new PromiseQueue(lock, journal);
    }

    /** Something to be done under the lock. */
    @FunctionalInterface
    interface Step<T> {
        T take();
    }

    <T> T locked(final Step<T> step) {
        lock.lock();
        try {
            return step.take();
        } finally {
            lock.unlock();
        }
    }

    void under(final Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- claims ----------------------------------------------------------------------------------------------------

    /** Does something to names that nobody else of this client changes meanwhile. Not under the lock. */
    <T> T claiming(final Collection<Entry> names, final Step<T> step) {
        final Set<Entry> wanted = Set.copyOf(names);
        under(() -> {
            while (wanted.stream().anyMatch(busyNames::contains)) {
                free.awaitUninterruptibly();
            }
            busyNames.addAll(wanted);
        });
        try {
            return step.take();
        } finally {
            under(() -> {
                busyNames.removeAll(wanted);
                free.signalAll();
            });
        }
    }

    /** The same with an inode. */
    <T> T claiming(final long inode, final Step<T> step) {
        under(() -> {
            while (!busyInodes.add(inode)) {
                free.awaitUninterruptibly();
            }
        });
        try {
            return step.take();
        } finally {
            under(() -> {
                busyInodes.remove(inode);
                free.signalAll();
            });
        }
    }

    // ---- what is held: under the lock -----------------------------------------------------------------------------

    Optional<HeldDirectory> directory(final long id) {
        return Optional.ofNullable(held.get(id));
    }

    boolean holds(final long id) {
        return locked(() -> held.containsKey(id));
    }

    boolean isNone() {
        return held.isEmpty() && queue.isEmpty();
    }

    long session() {
        return session;
    }

    /** The shard says that the directory is this client's; says whether it still is. */
    boolean granted(final HeldDirectory directory, final long holder) {
        if (holder != session) {
            if (!isNone()) {
                // What is left of the session before is not known to be lost yet.
                return false;
            }
            session = holder;
        }
        final Long recalled = early.remove(directory.id);
        if (recalled != null && System.nanoTime() - recalled < EARLY.toNanos()) {
            queue.giveBack(directory.id);
            return false;
        }
        held.put(directory.id, directory);
        while (held.size() > DIRECTORIES_MAX || places.size() > NAMES_MAX) {
            final HeldDirectory oldest = held.values().iterator().next();
            release(oldest);
        }
        return held.containsKey(directory.id);
    }

    /** Promises nothing more in a directory, and gives it back behind what is promised. */
    void release(final HeldDirectory directory) {
        forget(directory);
        queue.giveBack(directory.id);
    }

    /** The directory is not this client's any more, or not there. */
    void forget(final HeldDirectory directory) {
        held.remove(directory.id);
        directory.entries().values().forEach(inode -> places.remove(inode, directory.id));
    }

    /** Others want a directory: it goes, and with it what is held below, for they are likely to look there next. */
    void recall(final long id, final long nowNanos) {
        under(() -> {
            policy.recalled(id, nowNanos);
            if (!held.containsKey(id)) {
                early.put(id, nowNanos);
                queue.giveBack(id);
                return;
            }
            for (final HeldDirectory directory : new ArrayList<>(held.values())) {
                if (isWithin(directory, id)) {
                    release(directory);
                }
            }
        });
    }

    private boolean isWithin(final HeldDirectory directory, final long ancestor) {
        HeldDirectory at = directory;
        for (int depth = 0; at != null && depth <= held.size(); depth++) {
            if (at.id == ancestor || at.parent == ancestor) {
                return true;
            }
            at = held.get(at.parent);
        }
        return false;
    }

    /** Gives back what is held of a volume. */
    void releaseAll(final long volume) {
        for (final HeldDirectory directory : new ArrayList<>(held.values())) {
            if (directory.volume == volume) {
                release(directory);
            }
        }
    }

    /** The session is over, and all that it held. */
    void lose() {
        held.clear();
        places.clear();
        promised.clear();
        unborn.clear();
        early.clear();
    }

    // ---- what is known of names: under the lock --------------------------------------------------------------------

    /** A name leads to a file of one name, or to something else. */
    void leadsTo(final HeldDirectory directory, final Key name, final Node node) {
        directory.leadsTo(name, node.inode());
        if (!node.isDirectory() && node.links() == 1) {
            places.put(node.inode(), directory.id);
        }
    }

    /** The name of a file is gone, and its only one with it. */
    void gone(final long inode) {
        places.remove(inode);
        promised.remove(inode);
    }

    /** Where a file stands whose attributes may be promised. */
    Optional<HeldDirectory> placeOf(final long inode) {
        return Optional.ofNullable(places.get(inode)).map(held::get);
    }

    /** Everything in a directory was read. */
    void list(final HeldDirectory directory, final Map<Key, Node> entries) {
        final Map<Key, Long> inodes = new HashMap<>();
        entries.forEach((name, node) -> {
            inodes.put(name, node.inode());
            if (!node.isDirectory() && node.links() == 1) {
                places.putIfAbsent(node.inode(), directory.id);
            }
        });
        directory.list(inodes);
    }

    // ---- plain commands: under the lock ----------------------------------------------------------------------------

    /** A plain command is about to change names; what they led to is not promised about meanwhile. Returns held directories that bear them. */
    List<Long> beginPlain(final Collection<Entry> names) {
        final List<Long> directories = new ArrayList<>();
        for (final Entry entry : names) {
            plains.merge(entry.directory(), 1, Integer::sum);
            directory(entry.directory()).ifPresent(directory -> {
                if (directory.bearer(entry.name()) instanceof final HeldDirectory.Inode there) {
                    places.remove(there.id());
                    if (held.containsKey(there.id())) {
                        directories.add(there.id());
                    }
                }
            });
        }
        return directories;
    }

    void endPlain(final Collection<Entry> names) {
        for (final Entry entry : names) {
            plains.computeIfPresent(entry.directory(), (id, count) -> count == 1 ? null : count - 1);
            directory(entry.directory()).ifPresent(directory -> {
                directory.forget(entry.name());
                directory.forgetNode();
            });
        }
    }

    /** A plain command has changed an inode. */
    void changedPlainly(final long inode) {
        directory(inode).ifPresent(HeldDirectory::forgetNode);
    }

    /** Whether a directory may be changed by a plain command at this moment. */
    boolean isChanging(final long directory) {
        return plains.containsKey(directory) || busyInodes.contains(directory);
    }

    /** The same, or by what is promised. */
    boolean isUnsettled(final long directory) {
        return isChanging(directory) || queue.isPending(directory);
    }

    /** A file has got a second name. */
    void severalNames(final long inode) {
        places.remove(inode);
    }

    // ---- promises: under the lock ----------------------------------------------------------------------------------

    /** An inode as it will be, if something of it is only promised, or it is a held directory that is known. */
    Optional<Node> promised(final long inode) {
        final Node node = promised.get(inode);
        return node != null ? Optional.of(node) : directory(inode).flatMap(HeldDirectory::node);
    }

    /** Whether an inode is there only as a promise, so that it has no attributes but those. */
    boolean isUnborn(final long inode) {
        return unborn.contains(inode);
    }

    /** A generation that no shard gives. */
    long nextGeneration() {
        return --generation;
    }

    void promise(final Command command, final long volume, final List<Long> touched) {
        queue.accept(command, volume, touched);
    }

    void remember(final Node node) {
        promised.put(node.inode(), node);
    }

    void born(final long inode) {
        unborn.add(inode);
    }

    /** What a batch was about is as the shard has it, if nothing more is promised of it. */
    void kept(final PromiseQueue.Batch batch) {
        queue.done(batch);
        for (final Promise promise : batch.promises()) {
            promise.touched().stream().filter(inode -> !queue.isPending(inode)).forEach(inode -> {
                promised.remove(inode);
                unborn.remove(inode);
            });
        }
    }

    /** A promise is broken: nothing that is known of what it touched holds. Returns the directories. */
    List<Long> broken(final Promise promise) {
        final List<Long> directories = new ArrayList<>();
        for (final long inode : promise.touched()) {
            promised.remove(inode);
            Optional.ofNullable(places.remove(inode)).ifPresent(directories::add);
            directory(inode).ifPresent(directory -> {
                directories.add(inode);
                directory.entries().values().forEach(entry -> places.remove(entry, inode));
                directory.doubt();
            });
        }
        if (promise.command().getMakeNode().getDelegate()) {
            directory(promise.command().getMakeNode().getReservedInode()).ifPresent(this::forget);
        }
        return directories;
    }

    /** What a name leads to, if its directory is held. */
    Optional<Bearer> bearer(final Entry entry) {
        return directory(entry.directory()).map(directory -> directory.bearer(entry.name()));
    }
}
