package io.tarn.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.wire.ControlReply;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ControlStateTest {
    private final MemoryStore store = new MemoryStore(List.of(ControlKeys.FAMILY));
    private final DirectShard shard =
            new DirectShard(new ControlState(new ControlView(new SecretSeal(new byte[SecretSeal.KEY_BYTES]))), store);

    @Test
    void aRepeatedSequenceGetsTheFirstReplyAgain() {
        final long session = open();
        final byte[] command = ControlCommands.createTenant(session, 1, "a");
        final ControlReply first = apply(command);
        assertThat(first.hasTenant()).isTrue();
        assertThat(apply(command)).isEqualTo(first);
        assertThat(apply(ControlCommands.createTenant(session, 2, "a"))
                        .getFailure()
                        .getFailure())
                .isEqualTo("ALREADY_EXISTS");
    }

    @Test
    void anAcknowledgedReplyIsForgotten() {
        final long session = open();
        apply(ControlCommands.createTenant(session, 1, "a"));
        apply(ControlCommands.acknowledging(session, 2, 2));
        assertThat(apply(ControlCommands.createTenant(session, 1, "a"))
                        .getFailure()
                        .getFailure())
                .isEqualTo("CONFLICT");
    }

    @Test
    void aSessionKeepsNoMoreRepliesThanItsBound() {
        final long session = open();
        for (int i = 1; i <= SessionCommands.MAX_UNACKNOWLEDGED; i++) {
            assertThat(apply(ControlCommands.createTenant(session, i, "t" + i)).hasTenant())
                    .isTrue();
        }
        final int over = SessionCommands.MAX_UNACKNOWLEDGED + 1;
        assertThat(apply(ControlCommands.createTenant(session, over, "over"))
                        .getFailure()
                        .getFailure())
                .isEqualTo("UNAVAILABLE");
    }

    @Test
    void aSessionEndsByTheClockOfTheLogAlone() {
        final long idle = open();
        final long other = open();
        assertThat(apply(ControlCommands.expire(other, idle)).getFailure().getFailure())
                .isEqualTo("CONFLICT");
        shard.advance(TimeUnit.MINUTES.toNanos(1));
        assertThat(apply(ControlCommands.withSequence(ControlCommands.expire(other, idle), 2))
                        .hasDone())
                .isTrue();
        assertThat(apply(ControlCommands.createTenant(idle, 1, "a"))
                        .getFailure()
                        .getFailure())
                .isEqualTo("STALE_SESSION");
    }

    @Test
    void bytesThatAreNoCommandAreAnsweredAndChangeNothing() {
        open();
        final byte[] before = store.dump();
        assertThat(apply(new byte[] {(byte) 0xff}).getFailure().getFailure()).isEqualTo("INVALID_ARGUMENT");
        assertThat(store.dump()).isEqualTo(before);
    }

    private long open() {
        return apply(ControlCommands.open()).getSession().getId();
    }

    private ControlReply apply(final byte[] command) {
        try {
            return ControlReply.parseFrom(shard.propose(command).join());
        } catch (final InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
