package io.tarn.core.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.wire.ControlCommand;
import io.tarn.core.wire.CreateTenant;
import io.tarn.core.wire.ExpireSession;
import io.tarn.core.wire.OpenSession;
import io.tarn.core.wire.RenewSession;
import java.util.concurrent.TimeUnit;

/** Commands as bytes. */
final class ControlCommands {
    private ControlCommands() {}

    static byte[] open() {
        return ControlCommand.newBuilder()
                .setOpenSession(OpenSession.newBuilder().setTtlNanos(TimeUnit.SECONDS.toNanos(30)))
                .build()
                .toByteArray();
    }

    static byte[] createTenant(final long session, final long sequence, final String name) {
        return ControlCommand.newBuilder()
                .setSession(session)
                .setSequence(sequence)
                .setAcknowledged(1)
                .setCreateTenant(CreateTenant.newBuilder().setName(name))
                .build()
                .toByteArray();
    }

    static byte[] acknowledging(final long session, final long sequence, final long acknowledged) {
        return ControlCommand.newBuilder()
                .setSession(session)
                .setSequence(sequence)
                .setAcknowledged(acknowledged)
                .setRenewSession(RenewSession.getDefaultInstance())
                .build()
                .toByteArray();
    }

    static byte[] expire(final long session, final long expired) {
        return ControlCommand.newBuilder()
                .setSession(session)
                .setSequence(1)
                .setAcknowledged(1)
                .setExpireSession(ExpireSession.newBuilder().setId(expired))
                .build()
                .toByteArray();
    }

    static byte[] withSequence(final byte[] command, final long sequence) {
        try {
            return ControlCommand.parseFrom(command).toBuilder()
                    .setSequence(sequence)
                    .build()
                    .toByteArray();
        } catch (final InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
