package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.AllShardsReader;
import io.tarn.core.namespace.GuardedReader;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.RowsElsewhere;
import io.tarn.core.namespace.RowsHeld;
import io.tarn.core.namespace.TwoPhaseProposals;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.Visited;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Intent;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Visit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Names whose shards are in this process. Everything is first tried in the one shard where it most likely belongs, at the cost of
 * nothing; only what turns out to need several goes on to read them all, or to a {@link TwoPhaseCommit}.
 *
 * <p>What a commit between shards holds is waited for, and helped on when its client is gone. Queries run on the calling thread.
 */
public final class ShardNames implements Names {
    private final ShardMap shards;
    private final Recalls recalls;
    private final TwoPhaseCommit commits;
    private final CommandRoutes routes = new CommandRoutes(new LocalHops());

    /** Names of which nobody holds any directory. */
    public ShardNames(final ShardMap shards) {
        this(shards, new Recalls(System::nanoTime));
    }

    /** @param recalls by whom holders of directories are asked to give them back */
    public ShardNames(final ShardMap shards, final Recalls recalls) {
        this(shards, recalls, InstantSource.system());
    }

    /** @param clock near the shards' own, for deadlines */
    ShardNames(final ShardMap shards, final InstantSource clock) {
        this(shards, new Recalls(System::nanoTime), clock);
    }

    private ShardNames(final ShardMap shards, final Recalls recalls, final InstantSource clock) {
        this.shards = shards;
        this.recalls = recalls;
        this.commits = new TwoPhaseCommit(shards, this::acrossShards, clock);
    }

    private final class LocalHops implements CommandRoutes.Hops {
        @Override
        public Reply send(final int shard, final Command.Builder command) {
            return shards.number(shard).call(command);
        }

        @Override
        public Optional<PathBase> deepest(final int home, final long volume, final Key key) {
            return acrossShards(home, reader -> new TwoPhaseQueries(reader).deepest(volume, key));
        }

        @Override
        public Reply commitBetween(final int coordinator, final Command.Builder command) {
            return commits.run(shards.number(coordinator), command.build(), Optional.empty());
        }

        @Override
        public void helpOn(final RowsHeld held) {
            commits.helpOn(held.intent());
        }

        @Override
        public void recall(final Visited visited) {
            recalls.ask(visited.visit());
        }
    }

    @Override
    public <T> T query(final long volume, final Function<ObjectReads, T> query) {
        return query(shards.forVolume(volume), ShardSession::session, query);
    }

    @Override
    public <T> T queryAt(final long inode, final Function<ObjectReads, T> query) {
        return query(shards.number(Names.shardOf(inode)), ShardSession::session, query);
    }

    /** Reads on behalf of another session. */
    public <T> T queryFor(final long reader, final long volume, final Function<ObjectReads, T> query) {
        return query(shards.forVolume(volume), shard -> reader, query);
    }

    /** The same about an inode. */
    public <T> T queryAtFor(final long reader, final long inode, final Function<ObjectReads, T> query) {
        return query(shards.number(Names.shardOf(inode)), shard -> reader, query);
    }

    private <T> T query(
            final ShardSession home, final ToLongFunction<ShardSession> reader, final Function<ObjectReads, T> query) {
        return routes.patiently(() -> {
            try {
                return home.queryFor(reader.applyAsLong(home), query::apply);
            } catch (final RowsElsewhere several) {
                return acrossShards(home.shard().number(), reader, rows -> query.apply(new NamespaceQueries(rows)));
            }
        });
    }

    /** Carries out a command of this node in one shard, which waits for who holds a directory that it needs. */
    Reply callIn(final ShardSession shard, final Command.Builder command) {
        return routes.patiently(() -> shard.call(command));
    }

    @Override
    public ReadPins.Pin pin(final long volume) {
        final List<ReadPins.Pin> pins = new ArrayList<>();
        shards.all().forEach(shard -> pins.add(shard.pin()));
        return pins.size() == 1 ? pins.getFirst() : () -> pins.forEach(ReadPins.Pin::close);
    }

    @Override
    public ReadPins.Pin pinAt(final long inode) {
        return shards.number(Names.shardOf(inode)).pin();
    }

    @Override
    public Reply call(final long volume, final Command.Builder command) {
        return routes.call(shards.forVolume(volume).shard().number(), volume, command);
    }

    @Override
    public Reply callAt(final long id, final Command.Builder command) {
        return routes.call(Names.shardOf(id), 0, command);
    }

    /** Makes a directory that is to live in a given shard, whichever its parent lives in. */
    public Reply makeDirectory(final Command.Builder makeNode, final int shard) {
        final ShardSession parent =
                shards.number(Names.shardOf(makeNode.getMakeNode().getParent()));
        return parent.shard().number() == shard
                ? routes.call(shard, 0, makeNode)
                : routes.patiently(() -> commits.run(parent, makeNode.build(), Optional.of(shard)));
    }

    @Override
    public long session(final long volume) {
        return shards.forVolume(volume).session();
    }

    @Override
    public long sessionAt(final long id) {
        return shards.number(Names.shardOf(id)).session();
    }

    @Override
    public List<Integer> shards() {
        return shards.all().stream().map(shard -> shard.shard().number()).toList();
    }

    /** Number of a volume's home shard. */
    public int homeOf(final long volume) {
        return shards.forVolume(volume).shard().number();
    }

    /** The deepest directory on the way to a key, for a client that routes its commands itself. */
    public Optional<PathBase> deepest(final long volume, final Key key) {
        final int home = shards.forVolume(volume).shard().number();
        return acrossShards(home, reader -> new TwoPhaseQueries(reader).deepest(volume, key));
    }

    /** Asks for what a command of another client came to. */
    public void recall(final Visit visit) {
        recalls.ask(visit);
    }

    /** Ends what holds rows if whoever began it is gone. */
    public void helpOn(final Intent intent) {
        commits.helpOn(intent);
    }

    /**
     * Carries out another client's command between shards.
     *
     * @param decide has the coordinator decide a command under the client's session and number: the same each time this is called for
     *     one command of the client, so that a repeated one is decided once. What it throws leaves the decision open
     * @return the coordinator's reply; refusals too
     * @throws StorageException when nothing was decided, or nothing is known
     */
    public Reply commitFor(
            final int coordinator, final Command command, final Function<Command.Builder, Reply> decide) {
        return routes.patiently(() -> {
            final Reply[] decided = new Reply[1];
            try {
                return commits.run(shards.number(coordinator), command, Optional.empty(), commit -> {
                    decided[0] = decide.apply(commit);
                    return decided[0];
                });
            } catch (final StorageException refused) {
                // What the coordinator has said under this number it will say for ever; all else may be tried again.
                if (decided[0] != null) {
                    return decided[0];
                }
                throw refused;
            }
        });
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

    /** Reads through all shards, each frozen for itself. */
    <T> T acrossShards(final int home, final Function<KeyValueReader, T> query) {
        return acrossShards(home, ShardSession::session, query);
    }

    private <T> T acrossShards(
            final int home, final ToLongFunction<ShardSession> reader, final Function<KeyValueReader, T> query) {
        return read(shards.all(), 0, new TreeMap<>(), home, reader, query);
    }

    private static <T> T read(
            final List<ShardSession> sessions,
            final int at,
            final Map<Integer, KeyValueReader> readers,
            final int home,
            final ToLongFunction<ShardSession> reader,
            final Function<KeyValueReader, T> query) {
        if (at == sessions.size()) {
            return query.apply(new AllShardsReader(readers, home));
        }
        final ShardSession session = sessions.get(at);
        final int number = session.shard().number();
        return session.shard().read(store -> {
            readers.put(number, new GuardedReader(store, number, reader.applyAsLong(session)));
            return read(sessions, at + 1, readers, home, reader, query);
        });
    }
}
