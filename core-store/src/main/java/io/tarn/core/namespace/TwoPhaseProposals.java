package io.tarn.core.namespace;

import io.tarn.core.namespace.wire.AttachVolume;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CommitAcross;
import io.tarn.core.namespace.wire.FinishRows;
import io.tarn.core.namespace.wire.ForgetOutcome;
import io.tarn.core.namespace.wire.PrepareRows;
import io.tarn.core.namespace.wire.ReclaimOrphans;
import io.tarn.core.namespace.wire.ReleaseRows;
import io.tarn.core.namespace.wire.ResolveOutcome;
import io.tarn.core.namespace.wire.Row;
import io.tarn.core.namespace.wire.TransactionId;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.List;

/** Builds the commands of a two-phase commit; session and sequence are added by who sends them. */
public final class TwoPhaseProposals {
    private TwoPhaseProposals() {}

    /** Lends what is {@code wanted} of one participant, and sets ids of inodes aside. */
    public static Command.Builder prepare(
            final TransactionId id,
            final int coordinator,
            final long deadlineNanos,
            final BorrowedRecord wanted,
            final int reserveInodes) {
        return Command.newBuilder()
                .setPrepareRows(PrepareRows.newBuilder()
                        .setTransaction(id)
                        .setCoordinator(coordinator)
                        .setDeadlineNanos(deadlineNanos)
                        .setWanted(wanted)
                        .setReserveInodes(reserveInodes));
    }

    public static Command.Builder commit(
            final TransactionId id,
            final long deadlineNanos,
            final Command command,
            final List<BorrowedRecord> borrowed) {
        return Command.newBuilder()
                .setCommitAcross(CommitAcross.newBuilder()
                        .setTransaction(id)
                        .setDeadlineNanos(deadlineNanos)
                        .setCommand(command)
                        .addAllBorrowed(borrowed));
    }

    public static Command.Builder finish(final TransactionId id, final List<Row> writes, final long generationBase) {
        return Command.newBuilder()
                .setFinishRows(FinishRows.newBuilder()
                        .setTransaction(id)
                        .addAllWrites(writes)
                        .setGenerationBase(generationBase));
    }

    public static Command.Builder release(final TransactionId id) {
        return Command.newBuilder().setReleaseRows(ReleaseRows.newBuilder().setTransaction(id));
    }

    public static Command.Builder resolve(final TransactionId id, final long deadlineNanos) {
        return Command.newBuilder()
                .setResolveOutcome(
                        ResolveOutcome.newBuilder().setTransaction(id).setDeadlineNanos(deadlineNanos));
    }

    public static Command.Builder forget(final TransactionId id) {
        return Command.newBuilder().setForgetOutcome(ForgetOutcome.newBuilder().setTransaction(id));
    }

    public static Command.Builder reclaimOrphans() {
        return Command.newBuilder().setReclaimOrphans(ReclaimOrphans.getDefaultInstance());
    }

    /** Makes a volume of another shard known, as it stands there. */
    public static Command.Builder attach(final long volume, final VolumeRecord home) {
        return Command.newBuilder()
                .setAttachVolume(AttachVolume.newBuilder()
                        .setVolume(volume)
                        .setRoot(home.getRoot())
                        .setTenant(home.getTenant())
                        .setVersioning(home.getVersioning())
                        .setQuotaBytes(home.getQuotaBytes())
                        .setQuotaInodes(home.getQuotaInodes()));
    }
}
