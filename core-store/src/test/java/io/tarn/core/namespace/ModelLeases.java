package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.AcquireLease;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Leases in the model. */
final class ModelLeases {
    record Holder(long session, ByteString name) {}

    record Lease(Holder holder, long epoch) {}

    final TreeMap<Long, Lease> leases = new TreeMap<>();
    /** When each holder renewed; who has no lease is none. */
    final Map<Holder, Long> renewed = new HashMap<>();

    void run(final long now, final Command command, final Reply reply, final Model model) {
        leases.keySet().removeIf(inode -> model.file(inode).isEmpty());
        forget();
        switch (command.getBodyCase()) {
            case ACQUIRE_LEASE -> acquire(now, command.getAcquireLease(), command.getSession(), reply, model);
            case RENEW_LEASES -> {
                final Holder holder = new Holder(
                        command.getSession(), command.getRenewLeases().getHolder());
                Refused.unless(renewed.containsKey(holder), Failure.NOT_FOUND);
                renewed.put(holder, now);
            }
            default -> {
                final long inode = command.getReleaseLease().getInode();
                Refused.unless(
                        leases.containsKey(inode)
                                && leases.get(inode).epoch()
                                        == command.getReleaseLease().getEpoch(),
                        Failure.NOT_FOUND);
                leases.remove(inode);
            }
        }
        forget();
    }

    private void forget() {
        renewed.keySet().removeIf(holder -> leases.values().stream()
                .noneMatch(lease -> lease.holder().equals(holder)));
    }

    private void acquire(
            final long now, final AcquireLease command, final long session, final Reply reply, final Model model) {
        final FileType type = model.file(command.getInode())
                .map(file -> file.type)
                .or(() -> model.inodeExists(command.getInode())
                        ? java.util.Optional.of(FileType.DIRECTORY)
                        : java.util.Optional.empty())
                .orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        Refused.unless(type == FileType.REGULAR, Failure.INVALID_ARGUMENT);
        Refused.unless(!command.getHolder().isEmpty(), Failure.INVALID_ARGUMENT);
        final Holder holder = new Holder(session, command.getHolder());
        final Lease before = leases.get(command.getInode());
        if (before != null && !before.holder().equals(holder) && !command.getForce()) {
            final boolean live = renewed.containsKey(before.holder())
                    && now - renewed.get(before.holder()) <= command.getSoftLimitNanos();
            Refused.unless(!live, Failure.LOCKED);
        }
        Model.succeeded(reply);
        final long epoch = reply.getId().getId();
        assertThat(before == null || epoch > before.epoch()).isTrue();
        leases.put(command.getInode(), new Lease(holder, epoch));
        renewed.put(holder, now);
    }

    void requireCurrent(final long inode, final long epoch) {
        Refused.unless(
                epoch == 0 || (leases.containsKey(inode) && leases.get(inode).epoch() == epoch), Failure.LOCKED);
    }

    void endSession(final long session) {
        renewed.keySet().removeIf(holder -> holder.session() == session);
    }
}
