package io.tarn.core.remote;

import com.google.protobuf.UnsafeByteOperations;
import io.tarn.client.CommandTrail;
import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.RowsHeld;
import io.tarn.core.namespace.Visited;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CommitAcross;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.NodeCodec;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.Deepest;
import io.tarn.core.protocol.wire.KeptReply;
import io.tarn.core.protocol.wire.ProposeRequest;
import io.tarn.core.protocol.wire.ShardOf;
import io.tarn.core.protocol.wire.ShardPlace;
import io.tarn.core.session.CommandRoutes;
import io.tarn.core.session.Names;
import io.tarn.core.session.NumberedCalls;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.Resending;
import io.tarn.core.session.Trailed;
import io.tarn.core.shard.Proposals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * Names in another process. A question is one call; a command is one, and one more for each shard beyond the first that it turns out to
 * need. Each goes to a shard that the client has chosen, so that it keeps its number there however often it is sent.
 */
final class RemoteNames implements Names {
    /** Volumes whose home is remembered; it never changes. */
    private static final int HOMES_MAX = 1 << 16;

    private final Link link;
    private final RemotePins pins;
    private final Resending resending;
    private final CommandRoutes routes = new CommandRoutes(new RemoteHops());
    private final Map<Integer, NumberedCalls> shards = new ConcurrentSkipListMap<>();
    private final Map<Long, Integer> homes = new ConcurrentHashMap<>();

    RemoteNames(final Link link, final RemotePins pins, final Duration patience) {
        this.link = link;
        this.pins = pins;
        this.resending = Resending.remote(patience);
        for (final ShardPlace place : link.grant().getShardsList()) {
            final NumberedCalls calls = connect(place.getNumber());
            calls.resume(link.session(), place.getNextSequence());
            shards.put(place.getNumber(), calls);
        }
    }

    private NumberedCalls connect(final int number) {
        return new NumberedCalls(new RemoteShard(number), link::session, resending);
    }

    /** Where commands of one shard are sent. */
    private final class RemoteShard implements Proposals {
        private final int number;

        RemoteShard(final int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        /** {@inheritDoc} Blocks until there is an outcome. */
        @Override
        public CompletableFuture<byte[]> propose(final byte[] command) {
            try {
                return CompletableFuture.completedFuture(link.once(
                                Methods.PROPOSE,
                                ProposeRequest.newBuilder()
                                        .setShard(number)
                                        .setCommand(UnsafeByteOperations.unsafeWrap(command))
                                        .build())
                        .getReply()
                        .toByteArray());
            } catch (final LostCall lost) {
                return CompletableFuture.failedFuture(new StorageException(Failure.TIMEOUT, lost.getMessage(), lost));
            } catch (final StorageException failed) {
                return failed.failure() == Failure.STALE_SESSION
                        ? CompletableFuture.completedFuture(stale(failed))
                        : CompletableFuture.failedFuture(failed);
            }
        }

        /** As the shard would say it: the command was not carried out under that session, nor will it be. */
        private static byte[] stale(final StorageException failed) {
            return Reply.newBuilder()
                    .setFailure(failed.failure().name())
                    .setMessage(String.valueOf(failed.getMessage()))
                    .build()
                    .toByteArray();
        }
    }

    private final class RemoteHops implements CommandRoutes.Hops {
        @Override
        public Reply send(final int shard, final Command.Builder command) {
            return calls(shard).call(command);
        }

        @Override
        public Optional<PathBase> deepest(final int home, final long volume, final Key key) {
            final AskAnswer answer = ask(AskRequest.newBuilder()
                    .setVolume(volume)
                    .setDeepest(Deepest.newBuilder().setKey(NodeCodec.bytes(key))));
            return answer.hasBase() ? Optional.of(answer.getBase()) : Optional.empty();
        }

        /** The node does it on the client's behalf, under the number that this command has with the coordinator. */
        @Override
        public Reply commitBetween(final int coordinator, final Command.Builder command) {
            return calls(coordinator)
                    .call(Command.newBuilder()
                            .setPrincipal(command.getPrincipal())
                            .setCommitAcross(CommitAcross.newBuilder().setCommand(command)));
        }

        /** The node has done so before it answered. */
        @Override
        public void helpOn(final RowsHeld held) {
            // nothing is left to the client but to wait
        }

        /** The node has asked for it before it answered. */
        @Override
        public void recall(final Visited visited) {
            // nothing is left to the client but to wait
        }
    }

    private NumberedCalls calls(final int shard) {
        return Optional.ofNullable(shards.get(shard))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no shard " + shard));
    }

    AskAnswer ask(final AskRequest.Builder question) {
        return link.call(Methods.ASK, question.build());
    }

    /** The reply that the shard keeps of a command of this session. */
    Optional<CommandTrail.Outcome> outcome(final int shard, final long sequence) {
        final AskAnswer answer = ask(AskRequest.newBuilder()
                .setKeptReply(KeptReply.newBuilder().setShard(shard).setSequence(sequence)));
        return answer.hasBytes()
                ? Trailed.outcome(NamespaceReplies.of(answer.getBytes().toByteArray()))
                : Optional.empty();
    }

    private int homeOf(final long volume) {
        final Integer known = homes.get(volume);
        if (known != null) {
            return known;
        }
        final int home = (int) ask(AskRequest.newBuilder().setVolume(volume).setShardOf(ShardOf.getDefaultInstance()))
                .getNumber();
        if (homes.size() >= HOMES_MAX) {
            homes.clear();
        }
        homes.put(volume, home);
        return home;
    }

    @Override
    public <T> T query(final long volume, final Function<ObjectReads, T> query) {
        return query.apply(new RemoteReads(this, volume, 0));
    }

    @Override
    public <T> T queryAt(final long inode, final Function<ObjectReads, T> query) {
        return query.apply(new RemoteReads(this, 0, inode));
    }

    @Override
    public ReadPins.Pin pin(final long volume) {
        final List<ReadPins.Pin> taken = new ArrayList<>();
        boolean all = false;
        try {
            shards.keySet().forEach(shard -> taken.add(pins.pin(shard)));
            all = true;
            return () -> taken.forEach(ReadPins.Pin::close);
        } finally {
            if (!all) {
                taken.forEach(ReadPins.Pin::close);
            }
        }
    }

    @Override
    public ReadPins.Pin pinAt(final long inode) {
        return pins.pin(Names.shardOf(inode));
    }

    @Override
    public Reply call(final long volume, final Command.Builder command) {
        return routes.call(homeOf(volume), volume, command);
    }

    @Override
    public Reply callAt(final long id, final Command.Builder command) {
        return routes.call(Names.shardOf(id), 0, command);
    }

    @Override
    public long session(final long volume) {
        return calls(homeOf(volume)).session();
    }

    @Override
    public long sessionAt(final long id) {
        return calls(Names.shardOf(id)).session();
    }

    @Override
    public List<Integer> shards() {
        return List.copyOf(shards.keySet());
    }
}
