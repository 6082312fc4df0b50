package io.tarn.core.session;

import io.tarn.client.Delegations;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Inodes;
import io.tarn.client.Inodes.Entry;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.wire.DelegationReply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has directories for this client alone: asks for them, lists them, gives them back, and brings plain commands and promises into one order.
 * While no volume is {@linkplain #use used}, it costs a volatile read a call. Thread-safe.
 *
 * <p>See docs/decisions/0022-delegations.md.
 */
final class Holder implements Delegations {
    private static final Logger LOG = LoggerFactory.getLogger(Holder.class);
    /** Pages of a directory that are read when it is had; names beyond are asked for one by one. */
    private static final int LISTED_PAGES_MAX = 4;
    /** Names that only S3 can say change when others do. */
    private static final byte[] ESCAPE = {'%', 't', 'a', 'r', 'n'};

    final HeldTree tree = new HeldTree(PromiseJournal.NONE);
    final Names names;
    private final Writers writers;
    private final Map<Long, LongConsumer> volumes = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<PromiseSender>> sender = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<StorageException>> lost = new AtomicReference<>(Optional.empty());
    private volatile boolean active;
    private OpenTable table;

    /** @param names past what is promised */
    Holder(final Names names, final Writers writers) {
        this.names = names;
        this.writers = writers;
    }

    /** The files that this client has open. To be called once, before anything else. */
    void serve(final OpenTable open) {
        table = open;
    }

    OpenTable table() {
        return table;
    }

    boolean isActive() {
        return active;
    }

    @Override
    public void use(final long volume, final LongConsumer told) {
        final long root =
                names.query(volume, queries -> queries.nodes().root(volume)).inode();
        volumes.put(volume, told);
        tree.under(() -> {
            if (sender.get().isEmpty()) {
                final LongPredicate open = table::cut;
                final PromiseSender started =
                        new PromiseSender(tree, names, writers, Names.firstIn(Names.shardOf(root)), open, this::broken);
                sender.set(Optional.of(started));
                started.start();
            }
        });
        active = true;
    }

    boolean uses(final long volume) {
        return active && volumes.containsKey(volume);
    }

    @Override
    public void flush() {
        settle();
        lost.getAndSet(Optional.empty()).ifPresent(failure -> {
            throw new StorageException(failure.failure(), failure.getMessage(), failure);
        });
    }

    @Override
    public void leave(final long volume) {
        volumes.remove(volume);
        tree.under(() -> tree.releaseAll(volume));
        settle();
    }

    /** Waits for all that is promised, whatever came of it. */
    void settle() {
        if (active) {
            tree.under(() -> {
                if (!tree.queue.isEmpty()) {
                    tree.queue.flush();
                }
            });
        }
    }

    /** The same, if anything is promised of an inode. */
    void settle(final long inode) {
        if (active) {
            tree.under(() -> {
                if (tree.queue.isPending(inode)) {
                    tree.queue.flush();
                }
            });
        }
    }

    /** Others want a directory, which the session may also hold since before this process had it. Does not block. */
    void recall(final long directory) {
        if (active) {
            tree.recall(directory, System.nanoTime());
        } else {
            Thread.startVirtualThread(() -> giveBack(directory));
        }
    }

    private void giveBack(final long directory) {
        try {
            names.callAt(
                    directory, NodeProposals.keepPromises(names.sessionAt(directory), List.of(), List.of(directory)));
        } catch (final StorageException later) {
            LOG.debug("directory {} is not given back yet: {}", directory, later.getMessage());
        }
    }

    /** Gives back whatever this client has: another process is to go on with its session. */
    void leaveAll() {
        if (active) {
            tree.under(() -> volumes.keySet().forEach(tree::releaseAll));
            settle();
        }
    }

    private void broken(final Promise promise, final StorageException failure) {
        LOG.warn(
                "a change that was answered could not be carried out: {}: {}",
                promise.command().getBodyCase(),
                failure.getMessage());
        promise.touched().forEach(inode -> table.find(inode)
                .ifPresent(file -> file.lost().add(0, failure)));
        lost.set(Optional.of(failure));
        final List<Long> directories = tree.locked(() -> tree.broken(promise));
        final LongConsumer told = volumes.get(promise.volume());
        if (told != null) {
            directories.forEach(told::accept);
        }
    }

    // ---- having directories ----------------------------------------------------------------------------------------

    /** Something was changed in a directory by a plain command: perhaps it is worth having. */
    void changed(final long directory) {
        if (!active || tree.holds(directory)) {
            return;
        }
        final boolean wanted = tree.locked(() -> tree.policy.changed(directory, System.nanoTime()));
        if (wanted) {
            try {
                acquire(directory);
            } catch (final StorageException failed) {
                LOG.debug("directory {} cannot be had: {}", directory, failed.getMessage());
                tree.under(() -> tree.policy.refused(directory, System.nanoTime()));
            }
        }
    }

    private void acquire(final long directory) {
        final long session = names.sessionAt(directory);
        final DelegationReply reply = names.callAt(directory, NodeProposals.acquireDelegation(directory))
                .getDelegation();
        if (!reply.getGranted()) {
            LOG.debug("directory {} is not given: {}", directory, reply.getReason());
            tree.under(() -> tree.policy.refused(directory, System.nanoTime()));
            return;
        }
        final HeldDirectory held = new HeldDirectory(
                directory,
                reply.getAttributes().getVolume(),
                reply.getAttributes().getParent());
        final boolean ours = tree.locked(() -> {
            if (!uses(held.volume)) {
                tree.queue.giveBack(directory);
                return false;
            }
            return tree.granted(held, session);
        });
        if (ours) {
            list(held);
        }
    }

    /** A directory that this client has made with a plain command, and has from birth. */
    void born(final Node made, final long session) {
        tree.under(() -> tree.granted(HeldDirectory.newborn(made), session));
    }

    /** A file has got a second name. */
    void severalNames(final long inode) {
        if (active) {
            tree.under(() -> tree.severalNames(inode));
        }
    }

    private void list(final HeldDirectory directory) {
        final long before = tree.locked(directory::changes);
        final Map<Key, Node> entries = new LinkedHashMap<>();
        Key after = Key.EMPTY;
        boolean more = true;
        for (int page = 0; more && page < LISTED_PAGES_MAX; page++) {
            final Key from = after;
            final DirectoryPage read =
                    names.queryAt(directory.id, queries -> queries.nodes().page(directory.id, from, Inodes.PAGE_MAX));
            read.entries().forEach(entry -> entries.put(entry.name(), entry.node()));
            more = read.more();
            after = read.entries().isEmpty() ? after : read.entries().getLast().position();
        }
        final boolean plain = entries.keySet().stream().allMatch(Holder::isPlain);
        final boolean whole = !more;
        tree.under(() -> {
            if (!plain) {
                tree.policy.refused(directory.id, System.nanoTime());
                tree.directory(directory.id).ifPresent(tree::release);
            } else if (whole && directory.changes() == before && !tree.isUnsettled(directory.id)) {
                tree.list(directory, entries);
            }
        });
    }

    /** Whether a name stands for itself, and no other name changes what it leads to. */
    static boolean isPlain(final Key name) {
        final byte[] bytes = name.toByteArray();
        if (bytes.length == 0 || bytes.length > NAME_MAX_BYTES) {
            return false;
        }
        for (int at = 0; at < ESCAPE.length; at++) {
            if (at >= bytes.length || bytes[at] != ESCAPE[at]) {
                return true;
            }
        }
        return false;
    }

    private static final int NAME_MAX_BYTES = 255;

    // ---- plain commands --------------------------------------------------------------------------------------------

    /** Carries out something on names by a plain command, behind everything that is promised. */
    <T> T plainly(final Collection<Entry> entries, final Supplier<T> action) {
        if (!active) {
            return action.get();
        }
        return tree.claiming(entries, () -> {
            final List<Long> directories = tree.locked(() -> {
                final List<Long> found = new ArrayList<>(tree.beginPlain(entries));
                tree.queue.flush();
                return found;
            });
            try {
                return action.get();
            } finally {
                tree.under(() -> tree.endPlain(entries));
                directories.forEach(this::lookAgain);
            }
        });
    }

    /** A held directory whose name was changed may have gone. */
    private void lookAgain(final long directory) {
        final boolean gone = names.queryAt(directory, queries -> queries.nodes().node(directory))
                .isEmpty();
        tree.under(() -> tree.directory(directory).ifPresent(held -> {
            held.forgetNode();
            if (gone) {
                tree.forget(held);
            }
        }));
    }

    /** The same of something on an inode. */
    <T> T plainly(final long inode, final Supplier<T> action) {
        if (!active) {
            return action.get();
        }
        return tree.claiming(inode, () -> {
            settle(inode);
            try {
                return action.get();
            } finally {
                tree.under(() -> tree.changedPlainly(inode));
            }
        });
    }

    /** Sends what is left and gives everything back. */
    void close() {
        if (sender.get().isEmpty()) {
            return;
        }
        tree.under(() -> {
            volumes.keySet().forEach(tree::releaseAll);
            tree.queue.close();
        });
        sender.get().orElseThrow().join();
    }
}
