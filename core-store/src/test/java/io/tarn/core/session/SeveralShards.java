package io.tarn.core.session;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.control.VolumePolicy;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.Finding;
import io.tarn.core.namespace.NamespaceAudit;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three shards in memory and one volume, whose home is shard 1, with short words for what is done to it. The client dies at a chosen
 * call; another takes its place.
 */
final class SeveralShards {
    static final int SHARDS = 3;
    static final long VOLUME = 1;
    static final Principal OWNER = new Principal("tenant", "user", 1, 1, List.of(), false);

    private static final int HOME = 1;

    /** The client is gone in the middle of what it did. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final AtomicLong now = new AtomicLong(1_700_000_000_000_000_000L);
    private final AtomicLong sessions = new AtomicLong();
    /** Calls until the client dies; negative for one that lives. */
    private final AtomicInteger callsToLive = new AtomicInteger(-1);

    private boolean diesAfterTheCall;
    final List<MemoryShard> shards = new ArrayList<>();
    private List<ShardSession> connected = List.of();
    private ShardNames names;
    final long root;

    SeveralShards(final Versioning versioning) {
        for (int number = 1; number <= SHARDS; number++) {
            shards.add(new MemoryShard(number, now::incrementAndGet, () -> live(false), () -> live(true)));
        }
        this.names = connect();
        final ShardVolumeRoots roots = new ShardVolumeRoots(map(), new ShardNames(map()));
        this.root = roots.create(HOME, VOLUME, new VolumePolicy(1, Quota.NONE, Quota.NONE, versioning));
    }

    private void live(final boolean after) {
        // Lets clients that run at once come between each other's calls.
        Thread.yield();
        if (after == diesAfterTheCall && callsToLive.get() >= 0 && callsToLive.getAndDecrement() == 0) {
            throw new Died();
        }
    }

    private ShardMap map() {
        return ShardMap.of(connected, volume -> Optional.of(HOME));
    }

    /** A new client, without a fault. */
    ShardNames connect() {
        callsToLive.set(-1);
        final long session = sessions.incrementAndGet();
        connected = shards.stream()
                .map(shard -> new ShardSession(shard, () -> session, new ReadPins()))
                .toList();
        connected.forEach(ShardSession::open);
        names = new ShardNames(map(), () -> Instant.ofEpochSecond(0, now.get()));
        return names;
    }

    /** The client dies at the call of this number from now. */
    void dieAt(final int call, final boolean after) {
        diesAfterTheCall = after;
        callsToLive.set(call);
    }

    /** Whether the client came to its end before it finished. */
    boolean died() {
        return callsToLive.get() < 0;
    }

    /** Enough time for whoever is gone to be given up, and a round of the keepers. */
    void sweep() {
        now.addAndGet(60_000_000_000L);
        connected.forEach(names::sweep);
    }

    long directory(final long parent, final String name, final int shard) {
        final Command.Builder command = Command.newBuilder();
        command.getMakeNodeBuilder()
                .setParent(parent)
                .setName(ByteString.copyFromUtf8(name))
                .setType(FileType.DIRECTORY)
                .setMode(0755)
                .setOwner("tenant/user");
        return names.makeDirectory(command, shard).getNode().getInode();
    }

    long file(final long parent, final String name) {
        final Command.Builder command = Command.newBuilder();
        command.getMakeNodeBuilder()
                .setParent(parent)
                .setName(ByteString.copyFromUtf8(name))
                .setType(FileType.REGULAR)
                .setMode(0644)
                .setExclusive(true)
                .setOwner("tenant/user");
        return names.callAt(parent, command).getNode().getInode();
    }

    Reply rename(final long fromParent, final String fromName, final long toParent, final String toName) {
        return names.callAt(fromParent, renaming(fromParent, fromName, toParent, toName));
    }

    /** The same by somebody who knows of one shard only, and waits for nothing. */
    void renameWithin(final long directory, final String fromName, final String toName) {
        connected.get(shardOf(directory) - 1).call(renaming(directory, fromName, directory, toName));
    }

    static Command.Builder renaming(
            final long fromParent, final String fromName, final long toParent, final String toName) {
        final Command.Builder command = Command.newBuilder();
        command.getRenameNodeBuilder()
                .setFromParent(fromParent)
                .setFromName(ByteString.copyFromUtf8(fromName))
                .setToParent(toParent)
                .setToName(ByteString.copyFromUtf8(toName))
                .setOwner("tenant/user");
        return command;
    }

    void exchange(final long fromParent, final String fromName, final long toParent, final String toName) {
        final Command.Builder command = renaming(fromParent, fromName, toParent, toName);
        command.getRenameNodeBuilder().setExchange(true);
        names.callAt(fromParent, command);
    }

    void link(final long inode, final long parent, final String name) {
        final Command.Builder command = Command.newBuilder();
        command.getLinkNodeBuilder().setInode(inode).setParent(parent).setName(ByteString.copyFromUtf8(name));
        names.callAt(parent, command);
    }

    void unlink(final long parent, final String name) {
        final Command.Builder command = Command.newBuilder();
        command.getUnlinkNodeBuilder().setParent(parent).setName(ByteString.copyFromUtf8(name));
        names.callAt(parent, command);
    }

    void removeDirectory(final long parent, final String name) {
        final Command.Builder command = Command.newBuilder();
        command.getRemoveDirectoryBuilder().setParent(parent).setName(ByteString.copyFromUtf8(name));
        names.callAt(parent, command);
    }

    ObjectInfo put(final String key, final String content) {
        final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        final Reply reply = names.call(
                VOLUME,
                NamespaceCommands.putObject(
                        VOLUME,
                        Key.of(key),
                        OWNER,
                        NewContent.newBuilder()
                                .setLength(bytes.length)
                                .setInlineData(ByteString.copyFrom(bytes))
                                .build(),
                        content,
                        ObjectMeta.NONE,
                        Precondition.NONE));
        return io.tarn.core.namespace.NamespaceReplies.object(VOLUME, reply.getObject());
    }

    void delete(final String key) {
        names.call(
                VOLUME,
                NamespaceCommands.deleteObject(
                        VOLUME, Key.of(key), Optional.empty(), "tenant/user", Precondition.NONE));
    }

    /** The bytes of an object, which are text. */
    Optional<String> get(final String key) {
        return names.query(VOLUME, queries -> queries.open(VOLUME, Key.of(key), Optional.empty()))
                .map(file -> new String(file.inline().orElse(new byte[0]), StandardCharsets.UTF_8));
    }

    List<String> list() {
        return names
                .query(VOLUME, queries -> queries.list(VOLUME, Key.EMPTY, Key.EMPTY, Key.EMPTY, 1000))
                .entries()
                .stream()
                .map(Entry::key)
                .map(Key::toString)
                .toList();
    }

    Usage usage() {
        return new ShardVolumeRoots(map(), new ShardNames(map())).usage(HOME, VOLUME);
    }

    static int shardOf(final long inode) {
        return Names.shardOf(inode);
    }

    /** Everything wrong with the shards together; nothing may be under way. */
    List<String> findings() {
        final Map<Integer, KeyValueReader> readers = new HashMap<>();
        shards.forEach(shard -> readers.put(shard.number(), shard.store()));
        return new NamespaceAudit(readers).run().stream().map(Finding::what).toList();
    }

    /** What is under way, in words. */
    String underWay() {
        final StringBuilder text = new StringBuilder();
        shards.forEach(shard -> text.append("shard %d: prepared %s, decided %s%n"
                .formatted(
                        shard.number(),
                        new TwoPhaseQueries(shard.store()).prepared(),
                        new TwoPhaseQueries(shard.store()).decisions())));
        return text.toString();
    }

    /** Steps of commits between shards so far. */
    long transactions() {
        return shards.stream()
                .mapToLong(shard -> new TwoPhaseQueries(shard.store()).transactions())
                .sum();
    }

    boolean quiet() {
        return shards.stream().allMatch(shard -> new TwoPhaseQueries(shard.store()).quiet());
    }
}
