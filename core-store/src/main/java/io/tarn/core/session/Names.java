package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.AllShardsReader;
import io.tarn.core.namespace.GuardedReader;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.RowsElsewhere;
import io.tarn.core.namespace.RowsHeld;
import io.tarn.core.namespace.TwoPhaseProposals;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Queries and commands on names, whichever shards the names lie in. Everything is first tried in the one shard where it most likely
 * belongs, at the cost of nothing; only what turns out to need several goes on to read them all, or to a {@link TwoPhaseCommit}.
 *
 * <p>What a commit between shards holds is waited for, and helped on when its client is gone. Thread-safe; calls block.
 */
public final class Names {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long WAIT_MIN_NANOS = 500_000;
    private static final long WAIT_MAX_NANOS = 20_000_000;

    private final ShardMap shards;
    private final TwoPhaseCommit commits;

    public Names(final ShardMap shards) {
        this(shards, InstantSource.system());
    }

    /** @param clock near the shards' own, for deadlines */
    Names(final ShardMap shards, final InstantSource clock) {
        this.shards = shards;
        this.commits = new TwoPhaseCommit(shards, this::acrossShards, clock);
    }

    /** Reads linearizably within each shard, on the calling thread. */
    public <T> T query(final long volume, final Function<NamespaceQueries, T> query) {
        return query(shards.forVolume(volume), query);
    }

    /** The same about an inode, by preference in its own shard. */
    public <T> T queryAt(final long inode, final Function<NamespaceQueries, T> query) {
        return query(shards.number(shardOf(inode)), query);
    }

    private <T> T query(final ShardSession home, final Function<NamespaceQueries, T> query) {
        return patiently(() -> {
            try {
                return home.query(query);
            } catch (final RowsElsewhere several) {
                return acrossShards(home.shard().number(), reader -> query.apply(new NamespaceQueries(reader)));
            }
        });
    }

    /** The answer to a query, and what keeps the bytes that it names. */
    record Pinned<T>(T answer, ReadPins.Pin pin) {}

    /** The same; what the answer refers to is not given back before the pin is closed. */
    <T> Pinned<T> pinned(final long volume, final Function<NamespaceQueries, T> query) {
        return pinned(shards.forVolume(volume), query);
    }

    /** The same about an inode. */
    <T> Pinned<T> pinnedAt(final long inode, final Function<NamespaceQueries, T> query) {
        return pinned(shards.number(shardOf(inode)), query);
    }

    private <T> Pinned<T> pinned(final ShardSession home, final Function<NamespaceQueries, T> query) {
        return patiently(() -> {
            try {
                return pinned(List.of(home), () -> home.query(query));
            } catch (final RowsElsewhere several) {
                return pinned(
                        shards.all(),
                        () -> acrossShards(home.shard().number(), reader -> query.apply(new NamespaceQueries(reader))));
            }
        });
    }

    private static <T> Pinned<T> pinned(final List<ShardSession> shards, final Attempt<T> query) {
        final List<ReadPins.Pin> pins = new ArrayList<>();
        shards.forEach(shard -> pins.add(shard.pins().pin(shard.shard().appliedIndex())));
        final ReadPins.Pin all = () -> pins.forEach(ReadPins.Pin::close);
        boolean kept = false;
        try {
            final Pinned<T> result = new Pinned<>(query.run(), all);
            kept = true;
            return result;
        } finally {
            if (!kept) {
                all.close();
            }
        }
    }

    /** Carries out a command on the volume's names; a failure is thrown. */
    public Reply call(final long volume, final Command.Builder command) {
        return call(shards.forVolume(volume), volume, command);
    }

    /** Carries out a command on an inode, by preference in its own shard. */
    public Reply callAt(final long inode, final Command.Builder command) {
        return call(shards.number(shardOf(inode)), 0, command);
    }

    /** Makes a directory that is to live in a given shard, whichever its parent lives in. */
    public Reply makeDirectory(final Command.Builder makeNode, final int shard) {
        final ShardSession parent = shards.number(shardOf(makeNode.getMakeNode().getParent()));
        return parent.shard().number() == shard
                ? call(parent, 0, makeNode)
                : patiently(() -> commits.run(parent, makeNode.build(), Optional.of(shard)));
    }

    private Reply call(final ShardSession first, final long volume, final Command.Builder command) {
        final Optional<Key> key = keyOf(command);
        final Routed route = new Routed(first, command);
        return patiently(() -> {
            try {
                return route.send();
            } catch (final RowsElsewhere several) {
                if (key.isPresent() && !route.based) {
                    route.startAt(acrossShards(
                            first.shard().number(), reader -> new TwoPhaseQueries(reader).deepest(volume, key.get())));
                    return route.sendOrCommit();
                }
                return route.commit();
            }
        });
    }

    /** A command, and where it is tried. */
    private final class Routed {
        private final Command.Builder command;
        private ShardSession at;
        private final ShardSession first;
        private boolean based;

        Routed(final ShardSession first, final Command.Builder command) {
            this.first = first;
            this.at = first;
            this.command = command;
        }

        Reply send() {
            return at.call(command);
        }

        void startAt(final Optional<PathBase> base) {
            base.ifPresent(found -> {
                command.setBase(found);
                at = shards.number(shardOf(found.getDirectory()));
                based = true;
            });
        }

        Reply sendOrCommit() {
            try {
                return send();
            } catch (final RowsElsewhere several) {
                return commit();
            }
        }

        Reply commit() {
            try {
                return commits.run(at, command.build(), Optional.empty());
            } catch (final RowsElsewhere changed) {
                // What it stood on has moved: next time it is looked for again.
                command.clearBase();
                at = first;
                based = false;
                throw changed;
            }
        }
    }

    private static Optional<Key> keyOf(final Command.Builder command) {
        return switch (command.getBodyCase()) {
            case PUT_OBJECT ->
                Optional.of(Key.of(command.getPutObject().getKey().toByteArray()));
            case DELETE_OBJECT ->
                Optional.of(Key.of(command.getDeleteObject().getKey().toByteArray()));
            default -> Optional.empty();
        };
    }

    /**
     * Ends what clients that are gone have left in a shard: commits half-way, files whose last name was taken from another shard. For
     * the shard's keeper.
     *
     * @return transactions ended, and steps of dropping files
     */
    public int sweep(final ShardSession shard) {
        int done = commits.sweep(shard);
        while (shard.shard().read(store -> new TwoPhaseQueries(store).hasOrphans())) {
            shard.call(TwoPhaseProposals.reclaimOrphans());
            done++;
        }
        return done;
    }

    static int shardOf(final long id) {
        return (int) (id >>> (Long.SIZE - Short.SIZE));
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run();
    }

    private <T> T patiently(final Attempt<T> attempt) {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        long wait = WAIT_MIN_NANOS;
        while (true) {
            try {
                return attempt.run();
            } catch (final RowsHeld held) {
                if (System.nanoTime() > deadline) {
                    throw busy(held);
                }
                commits.helpOn(held.intent());
            } catch (final RowsElsewhere changed) {
                if (System.nanoTime() > deadline) {
                    throw busy(changed);
                }
            }
            backOff(wait);
            wait = Math.min(WAIT_MAX_NANOS, 2 * wait);
        }
    }

    private static StorageException busy(final RuntimeException cause) {
        return new StorageException(
                Failure.UNAVAILABLE, "commits between shards were in the way for " + PATIENCE, cause);
    }

    /** Random, so that two that met do not meet again. */
    private static void backOff(final long nanos) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
        if (Thread.currentThread().isInterrupted()) {
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while a commit between shards was in the way");
        }
    }

    /** Reads through all shards, each frozen for itself. */
    <T> T acrossShards(final int home, final Function<KeyValueReader, T> query) {
        return read(shards.all(), 0, new TreeMap<>(), home, query);
    }

    private static <T> T read(
            final List<ShardSession> sessions,
            final int at,
            final Map<Integer, KeyValueReader> readers,
            final int home,
            final Function<KeyValueReader, T> query) {
        if (at == sessions.size()) {
            return query.apply(new AllShardsReader(readers, home));
        }
        final ShardSession session = sessions.get(at);
        final int number = session.shard().number();
        return session.shard().read(store -> {
            readers.put(number, new GuardedReader(store, number));
            return read(sessions, at + 1, readers, home, query);
        });
    }
}
