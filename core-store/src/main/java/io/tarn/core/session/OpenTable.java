package io.tarn.core.session;

import io.tarn.client.Node;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.HeldReply;
import io.tarn.core.namespace.wire.OpenRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The files that a client has open. Opening for writing is a log entry for the first writer, opening for reading is none: the file is
 * anchored, and {@link #round} tells the shard of readers that stay, many at once, so that no pin holds space back for long. A file that
 * was removed before that stays anchored for {@link #GONE_KEPT}; after that its readers are stale.
 *
 * <p>Thread-safe. A file is changed under its own entry of the table, which is never held over a call to the shard.
 */
final class OpenTable {
    /** How long a reader goes without the shard knowing. */
    static final Duration UNKNOWN_MAX = Duration.ofSeconds(30);
    /** How long the bytes of a file are kept that went before the shard knew of its readers. */
    static final Duration GONE_KEPT = Duration.ofMinutes(10);
    /** Commands that one round sends at most. */
    private static final int ROUND_COMMANDS_MAX = 64;

    private final Names names;
    private final Writers writers;
    private final BlockReader blocks;
    private final WriteBack memory;
    private final LongSupplier nanoTime;
    private final PromisedChanges promises;
    private final Map<Long, SharedFile> files = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Anchored files, those that were anchored first in front. */
    private final Set<SharedFile> anchored = new LinkedHashSet<>();
    /** Anchored files that have gone. */
    private final Set<SharedFile> gone = new LinkedHashSet<>();

    private volatile boolean anyAnchored;
    private final LongAdder told = new LongAdder();

    OpenTable(
            final Names names,
            final Writers writers,
            final BlockReader blocks,
            final WriteBack memory,
            final PromisedChanges promises,
            final LongSupplier nanoTime) {
        this.names = names;
        this.writers = writers;
        this.blocks = blocks;
        this.memory = memory;
        this.promises = promises;
        this.nanoTime = nanoTime;
    }

    /**
     * A file with one more handle on it.
     *
     * @param seen the inode, where the shard was asked for it on the way
     */
    record Joined(SharedFile file, Optional<Node> seen) {
        static Joined of(final SharedFile file) {
            return new Joined(file, Optional.empty());
        }
    }

    WriteBack memory() {
        return memory;
    }

    Optional<SharedFile> find(final long inode) {
        return Optional.ofNullable(files.get(inode));
    }

    private SharedFile shared(final long inode, final long volume) {
        return new SharedFile(inode, volume, new FilePlace(names, writers, blocks, memory, promises));
    }

    /** Joins the writers of a file that the shard knows of already. */
    Optional<SharedFile> joinWriters(final long inode) {
        final SharedFile[] joined = new SharedFile[1];
        files.computeIfPresent(inode, (id, file) -> {
            file.opens.under(names.sessionAt(file.inode));
            if (file.opens.isHeldForWriting()) {
                file.opens.addWriter(0);
                joined[0] = file;
            }
            return file;
        });
        return Optional.ofNullable(joined[0]);
    }

    /** A writer whom the shard has counted. */
    SharedFile addWriter(final Node node) {
        return files.compute(node.inode(), (inode, existing) -> {
            final SharedFile file = existing == null ? shared(inode, node.volume()) : existing;
            file.opens.under(names.sessionAt(file.inode));
            file.opens.addWriter(1);
            unanchor(file);
            return file;
        });
    }

    /** The first handle on a file that the shard counts already, for an earlier process of the session. */
    SharedFile inherit(final Node node, final OpenRecord held) {
        return files.compute(node.inode(), (inode, existing) -> {
            if (existing != null) {
                throw new StorageException(Failure.CONFLICT, "the file is open here already");
            }
            final SharedFile file = shared(inode, node.volume());
            file.opens.under(names.sessionAt(inode));
            file.opens.inherit(held.getReading(), held.getWriting());
            return file;
        });
    }

    /** The writer of a file that is only promised: the shard counts him when it is made, if he is there by then. */
    SharedFile addPromised(final Node node) {
        return files.compute(node.inode(), (inode, existing) -> {
            final SharedFile file = existing == null ? shared(inode, node.volume()) : existing;
            file.opens.under(names.sessionAt(inode));
            file.opens.addWriter(0);
            return file;
        });
    }

    /** The shard is about to be told of a file that was promised; says whether it is to count a writer. */
    boolean cut(final long inode) {
        final boolean[] open = new boolean[1];
        files.computeIfPresent(inode, (id, file) -> {
            if (!file.opens.isNone()) {
                file.opens.under(names.sessionAt(id));
                file.opens.wake(1);
                open[0] = true;
            }
            return file;
        });
        return open[0];
    }

    /** Whether a file stays when its name goes, for all who have it open here. */
    boolean isKept(final long inode) {
        final boolean[] kept = {true};
        files.computeIfPresent(inode, (id, file) -> {
            file.opens.under(names.sessionAt(id));
            kept[0] = file.opens.isNone() || file.opens.isHeld();
            return file;
        });
        return kept[0];
    }

    /** The only writer of a file is likely to close it: what is to be given back with his last commit, if this is the only writer. */
    Optional<Closing> rest(final SharedFile file) {
        final List<Closing> closing = new ArrayList<>(1);
        files.computeIfPresent(file.inode, (inode, existing) -> {
            file.opens.under(names.sessionAt(file.inode));
            file.opens.rest().ifPresent(closing::add);
            return existing;
        });
        return closing.stream().findFirst();
    }

    /** The shard counts a writer again, or still. */
    void wake(final SharedFile file, final long held) {
        files.computeIfPresent(file.inode, (inode, existing) -> {
            file.opens.under(names.sessionAt(file.inode));
            file.opens.wake(held);
            unanchor(file);
            return existing;
        });
    }

    /** What keeps a file from going for a writer who rests. */
    void anchor(final SharedFile file) {
        final Names.Pinned<Snapshot> found =
                names.pinnedAt(file.inode, queries -> queries.nodes().snapshot(file.inode));
        final Anchor anchor = new Anchor(found.answer(), found.pin(), nanoTime.getAsLong());
        files.compute(file.inode, (inode, existing) -> {
            anchor(file, anchor);
            return existing;
        });
    }

    private void anchor(final SharedFile file, final Anchor anchor) {
        if (file.opens.isNone() || file.opens.isHeld() || file.opens.isAnchored()) {
            anchor.release();
        } else {
            unanchor(file);
            file.opens.anchor(anchor);
            note(file);
        }
    }

    /** Joins whoever has the file open and keeps it from going. */
    private Optional<SharedFile> joinReaders(final long inode) {
        final SharedFile[] joined = new SharedFile[1];
        files.computeIfPresent(inode, (id, file) -> {
            file.opens.under(names.sessionAt(file.inode));
            if (file.opens.isHeld() || file.opens.isAnchored()) {
                file.opens.addReader();
                joined[0] = file;
            }
            return file;
        });
        return Optional.ofNullable(joined[0]);
    }

    /** A reader, of whom the shard is not told yet. */
    Joined addReader(final long inode) {
        return joinReaders(inode).map(Joined::of).orElseGet(() -> {
            final Names.Pinned<Snapshot> found =
                    names.pinnedAt(inode, queries -> queries.nodes().snapshot(inode));
            return new Joined(
                    addReader(inode, found), Optional.of(found.answer().node()));
        });
    }

    private SharedFile addReader(final long id, final Names.Pinned<Snapshot> found) {
        final Anchor anchor = new Anchor(found.answer(), found.pin(), nanoTime.getAsLong());
        return files.compute(id, (inode, existing) -> {
            final SharedFile file =
                    existing == null ? shared(inode, found.answer().node().volume()) : existing;
            file.opens.addReader();
            anchor(file, anchor);
            return file;
        });
    }

    private void note(final SharedFile file) {
        lock.lock();
        try {
            anchored.add(file);
            anyAnchored = true;
        } finally {
            lock.unlock();
        }
    }

    private void unanchor(final SharedFile file) {
        file.opens.takeAnchor().ifPresent(anchor -> {
            anchor.release();
            lock.lock();
            try {
                anchored.remove(file);
                gone.remove(file);
                anyAnchored = !anchored.isEmpty();
            } finally {
                lock.unlock();
            }
        });
    }

    /** A handle is being closed; what it gives back goes with the last commit. The file stays here until {@link #forget}. */
    Optional<Closing> leave(final SharedFile file, final boolean writing) {
        final List<Closing> closing = new ArrayList<>(1);
        files.compute(file.inode, (inode, existing) -> {
            file.opens.leave(writing).ifPresent(closing::add);
            if (file.opens.isNone()) {
                unanchor(file);
            }
            return existing;
        });
        return closing.stream().findFirst();
    }

    /** What was written through a closed handle is committed or lost; the last handle takes the file with it. */
    void forget(final SharedFile file) {
        final SharedFile left = files.computeIfPresent(
                file.inode, (inode, existing) -> existing.equals(file) && file.opens.isNone() ? null : existing);
        if (left == null) {
            file.discard();
        }
        memory.closed();
    }

    /** The file is about to lose a name through this client: its readers here keep it. */
    void holdReaders(final long inode) {
        final SharedFile file = files.get(inode);
        if (file != null && file.opens.isAnchored()) {
            hold(List.of(file));
        }
    }

    /** Whether there are readers that the shard does not know of. */
    boolean anyAnchored() {
        return anyAnchored;
    }

    /**
     * Tells the shards of readers that stay.
     *
     * @param nowNanos of the clock given at the start
     * @return whether there is more to tell
     */
    boolean round(final long nowNanos) {
        expire(nowNanos);
        for (int commands = 0; commands < ROUND_COMMANDS_MAX; commands++) {
            final List<SharedFile> due = due(nowNanos);
            if (due.isEmpty()) {
                return false;
            }
            hold(due);
        }
        return true;
    }

    /** Tells the shards of all readers. */
    void holdAll() {
        boolean more = true;
        while (more) {
            more = round(nanoTime.getAsLong() + UNKNOWN_MAX.toNanos());
        }
    }

    private static boolean isOver(final SharedFile file, final long nowNanos, final Duration age) {
        return file.opens
                .anchor()
                .filter(anchor -> nowNanos - anchor.sinceNanos >= age.toNanos())
                .isPresent();
    }

    private List<SharedFile> due(final long nowNanos) {
        final List<SharedFile> due = new ArrayList<>();
        lock.lock();
        try {
            for (final SharedFile file : anchored) {
                if (due.size() == NodeProposals.HOLD_MAX || !isOver(file, nowNanos, UNKNOWN_MAX)) {
                    break;
                }
                due.add(file);
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void expire(final long nowNanos) {
        final List<SharedFile> over;
        lock.lock();
        try {
            over = gone.stream()
                    .filter(file -> isOver(file, nowNanos, GONE_KEPT))
                    .toList();
        } finally {
            lock.unlock();
        }
        over.forEach(file -> files.computeIfPresent(file.inode, (inode, existing) -> {
            if (existing.equals(file)) {
                unanchor(file);
            }
            return existing;
        }));
    }

    /** Files open for reading that keep a pin. */
    int anchored() {
        lock.lock();
        try {
            return anchored.size() + gone.size();
        } finally {
            lock.unlock();
        }
    }

    /** Files open for reading that the shards were told of. */
    long told() {
        return told.sum();
    }

    private void hold(final Collection<SharedFile> readers) {
        final Map<Integer, List<SharedFile>> byShard = new TreeMap<>();
        readers.forEach(file -> byShard.computeIfAbsent(Names.shardOf(file.inode), shard -> new ArrayList<>())
                .add(file));
        byShard.values().forEach(this::holdInShard);
    }

    private void holdInShard(final List<SharedFile> readers) {
        final HeldReply reply = names.callAt(
                        readers.getFirst().inode,
                        NodeProposals.hold(
                                readers.stream().map(file -> file.inode).toList()))
                .getHeldNodes();
        for (int at = 0; at < readers.size(); at++) {
            final SharedFile file = readers.get(at);
            if (reply.getHeld(at)) {
                told.increment();
                held(file);
            } else {
                gone(file);
            }
        }
    }

    private void held(final SharedFile file) {
        final boolean[] wanted = new boolean[1];
        files.computeIfPresent(file.inode, (inode, existing) -> {
            if (existing.equals(file) && !file.opens.isNone()) {
                file.opens.under(names.sessionAt(file.inode));
                file.opens.hold();
                unanchor(file);
                wanted[0] = true;
            }
            return existing;
        });
        if (!wanted[0]) {
            close(file.inode, Closing.newBuilder().setReading(1).build());
        }
    }

    private void gone(final SharedFile file) {
        files.computeIfPresent(file.inode, (inode, existing) -> {
            lock.lock();
            try {
                if (anchored.remove(file)) {
                    gone.add(file);
                }
                anyAnchored = !anchored.isEmpty();
            } finally {
                lock.unlock();
            }
            return existing;
        });
    }

    private void close(final long inode, final Closing closing) {
        names.callAt(inode, NodeProposals.close(inode, closing));
    }

    /**
     * Gives back to the shard what a commit was to give back that failed. Where nobody knows whether it did, nothing is: the opens
     * may be another's by now, and end with the session.
     */
    void giveBack(final long inode, final Closing closing, final StorageException failed) {
        final boolean unknown =
                failed.failure() == Failure.TIMEOUT || Thread.currentThread().isInterrupted();
        if (!unknown) {
            close(inode, closing);
        }
    }

    /** Lets all pins go: the client is closed. */
    void close() {
        files.keySet()
                .forEach(inode -> files.computeIfPresent(inode, (id, file) -> {
                    unanchor(file);
                    return file;
                }));
    }
}
