package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** A volume in a shard and sessions that work on it, one command an entry; each entry is a second later than the one before. */
final class DelegationFixture {
    static final long VOLUME = 7;
    static final long NODE = 1;
    static final long HOLDER = 2;
    static final long VISITOR = 3;
    static final Principal OWNER = new Principal("tenant", "user", 1, 1, List.of(), false);

    final MemoryStore store = new MemoryStore(Families.ALL);
    final long root;
    private final NamespaceState state = new NamespaceState(1);
    private long index = 1;

    DelegationFixture(final Quota quota, final Versioning versioning) {
        for (final long session : List.of(NODE, HOLDER, VISITOR)) {
            final Command.Builder open = Command.newBuilder();
            open.getOpenSessionBuilder();
            send(session, open);
        }
        root = done(NODE, NamespaceCommands.createRoot(VOLUME, "tenant", 1, 1, quota, versioning))
                .getId()
                .getId();
    }

    /** Time of the next entry. */
    long nowNanos() {
        return index * 1_000_000_000L;
    }

    /** The next entry of the log is another shard's matter. */
    void skip() {
        index++;
    }

    Reply send(final long session, final Command.Builder command) {
        final byte[] bytes = command.setSession(session)
                .setSequence(index)
                .setAcknowledgedBelow(index)
                .build()
                .toByteArray();
        final LogEntry entry = new LogEntry(index, nowNanos(), List.of(bytes));
        index++;
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        return Records.parse(Reply.parser(), replies.getFirst());
    }

    Reply done(final long session, final Command.Builder command) {
        return NamespaceReplies.unwrap(send(session, command));
    }

    long directory(final long session, final long parent, final String name) {
        return done(session, NodeProposals.make(parent, Key.of(name), NewNode.directory(0755, OWNER), true, false))
                .getNode()
                .getInode();
    }

    long file(final long session, final long parent, final String name) {
        return done(session, file(parent, name)).getNode().getInode();
    }

    static Command.Builder file(final long parent, final String name) {
        return NodeProposals.make(parent, Key.of(name), NewNode.file(0644, OWNER), true, false);
    }

    boolean acquire(final long session, final long directory) {
        return done(session, NodeProposals.acquireDelegation(directory))
                .getDelegation()
                .getGranted();
    }

    void giveBack(final long session, final long directory) {
        done(session, NodeProposals.keepPromises(session, List.of(), List.of(directory)));
    }

    long reserve(final long session, final int count) {
        return done(session, NodeProposals.reserveInodes(count)).getId().getId();
    }

    void end(final long session) {
        done(NODE, Command.newBuilder().setEndSessions(EndSessions.newBuilder().addSessions(session)));
    }

    NamespaceQueries queries(final long session) {
        return new NamespaceQueries(new GuardedReader(store, 1, session));
    }
}
