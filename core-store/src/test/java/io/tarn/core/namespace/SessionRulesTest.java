package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session may hold, and how it is taken from it. */
final class SessionRulesTest {
    private static final long KEEPER = 1;
    private static final long CLIENT = 2;
    private static final long VOLUME = 7;

    private final MemoryStore store = new MemoryStore(Families.ALL);
    private final NamespaceState state = new NamespaceState(1);
    private long index = 1;

    @BeforeEach
    void twoSessionsAndAVolume() {
        open(KEEPER);
        open(CLIENT);
        done(send(KEEPER, 1, 0, NamespaceCommands.createRoot(VOLUME, "tenant", 1, 1, Quota.NONE, Versioning.OFF)));
    }

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(store).run()).isEmpty();
    }

    private Reply open(final long session) {
        final Command.Builder command = Command.newBuilder();
        command.getOpenSessionBuilder();
        return send(session, 0, 0, command);
    }

    private Reply send(
            final long session, final long sequence, final long acknowledgedBelow, final Command.Builder command) {
        final byte[] bytes = command.setSession(session)
                .setSequence(sequence)
                .setAcknowledgedBelow(acknowledgedBelow)
                .build()
                .toByteArray();
        final LogEntry entry = new LogEntry(index, index * 1_000_000_000L, List.of(bytes));
        index++;
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        return Records.parse(Reply.parser(), replies.getFirst());
    }

    private static Reply done(final Reply reply) {
        assertThat(reply.getFailure()).isEmpty();
        return reply;
    }

    private static Command.Builder quota() {
        return NamespaceCommands.setTenantQuota("tenant", Quota.NONE);
    }

    private boolean end(final long sequence, final long session) {
        return done(send(
                        KEEPER,
                        sequence,
                        sequence,
                        Command.newBuilder()
                                .setEndSessions(EndSessions.newBuilder().addSessions(session))))
                .getProgress()
                .getMore();
    }

    @Test
    void aCommandBeyondTheWindowIsRefusedBeforeItIsApplied() {
        final long first = SessionCommands.WINDOW_MAX;
        final Reply refused = send(CLIENT, first, 0, NamespaceCommands.dropVolume(VOLUME));
        assertThat(refused.getFailure()).isEqualTo("UNAVAILABLE");
        assertThat(Records.volume(store, VOLUME)).isPresent();
        done(send(CLIENT, first - 1, 0, quota()));
        done(send(CLIENT, first, 1, NamespaceCommands.dropVolume(VOLUME)));
        assertThat(Records.volume(store, VOLUME)).isEmpty();
    }

    @Test
    void aSessionWithManyRepliesEndsInSteps() {
        for (int i = 1; i <= 2 * SessionCommands.END_ROWS_MAX; i++) {
            done(send(CLIENT, i, 0, quota()));
        }
        assertThat(end(2, CLIENT)).isTrue();
        assertThat(send(CLIENT, 5_000, 0, quota()).getFailure()).isEqualTo("STALE_SESSION");
        assertThat(open(CLIENT).getFailure()).isEqualTo("STALE_SESSION");
        assertThat(end(3, CLIENT)).isTrue();
        assertThat(end(4, CLIENT)).isFalse();
        assertThat(store.get(Families.SESSION, Keys.of(CLIENT))).isEmpty();
        assertThat(FamilyRows.any(store, Families.REPLY, Keys.of(CLIENT))).isFalse();
    }

    @Test
    void extentsOfAnEndedSessionAreFoundWithoutLookingAtOthers() {
        final AllocatedReply open = allocate(1);
        final AllocatedReply sealed = allocate(2);
        done(send(CLIENT, 3, 0, seal(sealed)));
        assertThat(end(2, CLIENT)).isFalse();
        assertThat(new ExtentQueries(store).orphaned(10)).containsExactly(new ExtentId(open.getExtent()));
        done(send(KEEPER, 3, 3, ExtentProposals.sealRecovered(new ExtentId(open.getExtent()), 4096)));
        assertThat(new ExtentQueries(store).orphaned(10)).isEmpty();
    }

    private AllocatedReply allocate(final long sequence) {
        return done(send(CLIENT, sequence, 0, ExtentProposals.allocate(VOLUME))).getAllocated();
    }

    private static Command.Builder seal(final AllocatedReply extent) {
        return ExtentProposals.seal(new ExtentId(extent.getExtent()), extent.getEpoch(), 4096);
    }

    @Test
    void onlyTheSessionThatWritesAnExtentSealsAndReleasesIt() {
        final AllocatedReply extent = allocate(1);
        final ExtentId id = new ExtentId(extent.getExtent());
        assertThat(send(KEEPER, 2, 0, seal(extent)).getFailure()).isEqualTo("STALE_SESSION");
        done(send(CLIENT, 2, 0, seal(extent)));
        assertThat(send(KEEPER, 3, 0, ExtentProposals.release(id, extent.getEpoch()))
                        .getFailure())
                .isEqualTo("STALE_SESSION");
        done(send(CLIENT, 3, 0, ExtentProposals.release(id, extent.getEpoch())));
    }

    @Test
    void nobodyOpensTheSessionThatStandsForNobody() {
        assertThat(open(0).getFailure()).isEqualTo("INVALID_ARGUMENT");
    }
}
