package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Family;
import io.tarn.core.namespace.Territory.Entity;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CommitAcross;
import io.tarn.core.namespace.wire.DecisionRecord;
import io.tarn.core.namespace.wire.DirtyExtent;
import io.tarn.core.namespace.wire.DoomedContent;
import io.tarn.core.namespace.wire.EntityReference;
import io.tarn.core.namespace.wire.FinishRows;
import io.tarn.core.namespace.wire.Intent;
import io.tarn.core.namespace.wire.Outcome;
import io.tarn.core.namespace.wire.OutcomeReply;
import io.tarn.core.namespace.wire.ParticipantWrites;
import io.tarn.core.namespace.wire.PrepareRows;
import io.tarn.core.namespace.wire.PreparedRecord;
import io.tarn.core.namespace.wire.PreparedReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.ResolveOutcome;
import io.tarn.core.namespace.wire.Row;
import io.tarn.core.namespace.wire.TransactionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Two-phase commit between shards. Participants lend rows and hold the entities these belong to (an intent in their log); the
 * coordinator carries the command out over its own rows and the lent ones, in one entry of its log that is the decision and keeps what
 * is to be written elsewhere; participants write it and let go. Whoever finds an intent left behind asks the coordinator: a decision
 * is finished on the client's behalf, and where there is none after the deadline there never will be one.
 *
 * <p>What is only read is held too, so a directory moves only where no other move changes what lies above: no loop can arise.
 *
 * <p>The scheme of forecasting what a deterministic transaction touches and running it again on locked rows is that of Calvin
 * (Thomson et al., SIGMOD 2012); the intents are those of Percolator (Peng and Dabek, OSDI 2010).
 */
final class TwoPhaseCommands {
    /** Bounds the reply, and the coordinator's entry that carries what was lent. */
    static final int LENT_BYTES_MAX = 512 << 10;
    /** Entities held for one transaction in one shard. */
    static final int ENTITIES_MAX = 4096;

    static final int RESERVED_MAX = 16;
    static final byte[] COUNT = {'x'};

    private final Transaction transaction;

    TwoPhaseCommands(final Transaction transaction) {
        this.transaction = transaction;
    }

    /** Transactions that this shard ever prepared or decided. */
    private void countTransaction() {
        final long count =
                transaction.store.get(Families.META, COUNT).map(Keys::lastLong).orElse(0L);
        transaction.store.put(Families.META, COUNT, Keys.of(count + 1));
    }

    static byte[] key(final TransactionId id) {
        return Keys.of(id.getSession(), id.getNumber());
    }

    Reply prepare(final PrepareRows command) {
        requireInTime(command.getDeadlineNanos());
        final BorrowedRecord wanted = command.getWanted();
        if (wanted.getEntitiesCount() > ENTITIES_MAX || command.getReserveInodes() > RESERVED_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "the transaction holds too much of this shard");
        }
        final byte[] key = key(command.getTransaction());
        if (transaction.store.get(Families.PREPARED, key).isPresent()) {
            throw new StorageException(Failure.CONFLICT, "the transaction is prepared already");
        }
        for (final EntityReference reference : wanted.getEntitiesList()) {
            hold(command, reference);
        }
        final BorrowedRecord.Builder lent = TwoPhaseRows.lend(transaction.store.unguarded(), wanted);
        for (int left = command.getReserveInodes(); left > 0; left--) {
            lent.addReservedInodes(transaction.nextInode());
        }
        final BorrowedRecord complete =
                lent.setGenerationBase(transaction.generationBase()).build();
        if (complete.getSerializedSize() > LENT_BYTES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "the transaction needs too much of this shard");
        }
        countTransaction();
        transaction.put(
                Families.PREPARED,
                key,
                PreparedRecord.newBuilder()
                        .setCoordinator(command.getCoordinator())
                        .setDeadlineNanos(command.getDeadlineNanos())
                        .addAllEntities(wanted.getEntitiesList())
                        .build());
        transaction.store.intentsChanged();
        return Replies.of(PreparedReply.newBuilder().setBorrowed(complete).build());
    }

    private void requireInTime(final long deadlineNanos) {
        if (transaction.now() > deadlineNanos) {
            throw new StorageException(Failure.UNAVAILABLE, "the transaction between shards took too long");
        }
    }

    private void hold(final PrepareRows command, final EntityReference reference) {
        final Entity entity = Intents.entity(reference);
        if (!transaction.owns(entity.id())) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the entity is of another shard");
        }
        Intents.against(transaction.store.unguarded(), entity, reference.getExclusive())
                .ifPresent(intent -> {
                    throw new RowsHeld(intent);
                });
        Intents.hold(
                transaction.store.unguarded(),
                entity,
                Intent.newBuilder()
                        .setTransaction(command.getTransaction())
                        .setCoordinator(command.getCoordinator())
                        .setDeadlineNanos(command.getDeadlineNanos())
                        .setExclusive(reference.getExclusive())
                        .setParticipant(entity.shard())
                        .build());
    }

    /** Decides: carries the command out, or fails like it and leaves nothing. */
    Reply commit(final CommitAcross command, final long session, final Function<Command, Reply> handler) {
        requireInTime(command.getDeadlineNanos());
        if (command.getCommand().hasCommitAcross()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "transactions do not nest");
        }
        final List<BorrowedRecord> borrowed = command.getBorrowedList();
        borrowed.forEach(lent -> transaction.passGeneration(lent.getGenerationBase()));
        final int mark = transaction.store.mark();
        transaction.store.borrow(borrowed);
        try {
            final Reply reply = handler.apply(
                    command.getCommand().toBuilder().setSession(session).build());
            decide(command, transaction.store.takeElsewhere(mark));
            return reply;
        } finally {
            transaction.store.giveBack();
        }
    }

    private void decide(final CommitAcross command, final Map<Integer, List<Row>> writes) {
        if (writes.isEmpty()) {
            return;
        }
        countTransaction();
        final DecisionRecord.Builder decision = DecisionRecord.newBuilder()
                .setGenerationBase(transaction.generationBase())
                .setTimeNanos(transaction.now());
        writes.forEach((shard, rows) -> decision.addWrites(
                ParticipantWrites.newBuilder().setShard(shard).addAllRows(rows)));
        transaction.put(Families.DECISION, key(command.getTransaction()), decision.build());
    }

    /** Writes what was decided and lets go. A transaction that is not prepared here is over already. */
    Reply finish(final FinishRows command) {
        final Optional<PreparedRecord> prepared = end(command.getTransaction());
        if (prepared.isPresent()) {
            for (final Row row : command.getWritesList()) {
                if (!transaction.owns(Keys.longAt(row.getKey().toByteArray(), 0))) {
                    throw new StorageException(Failure.INVALID_ARGUMENT, "the row is of another shard");
                }
            }
            TwoPhaseRows.write(command.getWritesList(), transaction.store.unguarded());
            command.getWritesList().forEach(this::restamp);
            transaction.passGeneration(command.getGenerationBase());
        }
        return Replies.DONE;
    }

    /** When space was freed is told by this shard's log: that is what its readers pin. */
    private void restamp(final Row row) {
        final Family family = Families.named(row.getFamily());
        final byte[] key = row.getKey().toByteArray();
        final byte[] value = row.getValue().toByteArray();
        if (row.getAbsent()) {
            return;
        }
        if (family.equals(Families.DIRTY)) {
            final DirtyExtent dirty = Records.parse(DirtyExtent.parser(), value);
            transaction.put(
                    family, key, dirty.toBuilder().setIndex(transaction.index()).build());
        } else if (family.equals(Families.DOOMED)) {
            final DoomedContent doomed = Records.parse(DoomedContent.parser(), value);
            transaction.put(
                    family,
                    key,
                    doomed.toBuilder().setIndex(transaction.index()).build());
        }
    }

    /** Lets go without a change. */
    Reply release(final TransactionId id) {
        end(id);
        return Replies.DONE;
    }

    private Optional<PreparedRecord> end(final TransactionId id) {
        final byte[] key = key(id);
        final Optional<PreparedRecord> prepared =
                Records.get(transaction.store, Families.PREPARED, key, PreparedRecord.parser());
        prepared.ifPresent(record -> {
            record.getEntitiesList()
                    .forEach(reference -> Intents.letGo(transaction.store.unguarded(), Intents.entity(reference), id));
            transaction.store.delete(Families.PREPARED, key);
            transaction.store.intentsChanged();
        });
        return prepared;
    }

    Reply resolve(final ResolveOutcome command) {
        final Outcome outcome;
        if (transaction
                .store
                .get(Families.DECISION, key(command.getTransaction()))
                .isPresent()) {
            outcome = Outcome.COMMITTED;
        } else {
            outcome = transaction.now() > command.getDeadlineNanos() ? Outcome.ABORTED : Outcome.UNDECIDED;
        }
        return Replies.of(OutcomeReply.newBuilder().setOutcome(outcome).build());
    }

    /** Every participant has finished. */
    Reply forget(final TransactionId id) {
        transaction.store.delete(Families.DECISION, key(id));
        return Replies.DONE;
    }
}
