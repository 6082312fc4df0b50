package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.VolumeRecord;
import io.tarn.core.shard.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One volume in a store in memory, and short words for what is done to it. An object's bytes are its entity tag. */
final class NamespaceFixture {
    static final long VOLUME = 1;
    static final Principal OWNER = new Principal("tenant", "user", 1, 1, List.of(), false);

    private static final long SESSION = 9;

    final MemoryStore store = new MemoryStore(Families.ALL);
    private final NamespaceState state = new NamespaceState(1);
    private long index = 1;

    NamespaceFixture() {
        final Command.Builder open = Command.newBuilder();
        open.getOpenSessionBuilder();
        apply(open);
        apply(NamespaceCommands.createRoot(VOLUME, "tenant", 1, 1, Quota.NONE, Versioning.OFF));
    }

    Reply apply(final Command.Builder command) {
        command.setSession(SESSION).setSequence(index).setAcknowledgedBelow(index);
        final LogEntry entry = new LogEntry(
                index, index * 1_000_000_000L, List.of(command.build().toByteArray()));
        index++;
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        return NamespaceReplies.unwrap(NamespaceReplies.of(replies.getFirst()));
    }

    NamespaceQueries queries() {
        return new NamespaceQueries(store);
    }

    void put(final String key, final String content) {
        put(key, content, Precondition.NONE);
    }

    void put(final String key, final String content, final Precondition precondition) {
        put(Key.of(key), content, precondition);
    }

    void put(final Key key, final String content) {
        put(key, content, Precondition.NONE);
    }

    private void put(final Key key, final String content, final Precondition precondition) {
        final byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        apply(NamespaceCommands.putObject(
                VOLUME,
                key,
                OWNER,
                NewContent.newBuilder()
                        .setLength(bytes.length)
                        .setInlineData(ByteString.copyFrom(bytes))
                        .build(),
                content,
                ObjectMeta.NONE,
                precondition));
    }

    void delete(final String key) {
        apply(NamespaceCommands.deleteObject(VOLUME, Key.of(key), Optional.empty(), "", Precondition.NONE));
    }

    void delete(final String key, final String version) {
        apply(NamespaceCommands.deleteObject(VOLUME, Key.of(key), Optional.of(version), "", Precondition.NONE));
    }

    void versioning(final Versioning versioning) {
        apply(NamespaceCommands.setVolumePolicy(VOLUME, Quota.NONE, versioning));
    }

    void drop() {
        apply(NamespaceCommands.dropVolume(VOLUME));
    }

    Optional<ObjectInfo> find(final String key, final Optional<String> version) {
        return queries().find(VOLUME, Key.of(key), version);
    }

    Usage usage() {
        return queries().volumeUsage(VOLUME);
    }

    /** What mkdir does: an explicit directory under the root. */
    void makeDirectory(final String name) {
        store.write(changes -> {
            final ShardRows rows = new ShardRows(store, 1);
            final Transaction transaction = new Transaction(rows, 1, index, index * 1_000_000_000L);
            final VolumeRecord volume = transaction.volume(VOLUME);
            new Directories(transaction, new Accounts(transaction), new Feed(transaction))
                    .create(
                            VOLUME,
                            volume,
                            volume.getRoot(),
                            name.getBytes(StandardCharsets.UTF_8),
                            1,
                            1,
                            Directories.IMPLIED_MODE,
                            true,
                            transaction.nextInode());
            rows.drainTo(changes);
        });
        index++;
    }
}
