package io.tarn.core.session;

import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.namespace.RowsElsewhere;
import io.tarn.core.namespace.RowsHeld;
import io.tarn.core.namespace.TwoPhaseProposals;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.DecisionRecord;
import io.tarn.core.namespace.wire.Intent;
import io.tarn.core.namespace.wire.Outcome;
import io.tarn.core.namespace.wire.ParticipantWrites;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.TransactionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of a commit between shards: forecast what the command touches, borrow it, let the coordinator decide, have the
 * participants finish. Four commits one after the other, in as many fsyncs. A client that dies on the way leaves intents that
 * {@link #helpOn} ends: forward where the coordinator has decided, back where it can no longer.
 *
 * <p>Thread-safe; calls block.
 */
final class TwoPhaseCommit {
    private static final Logger LOG = LoggerFactory.getLogger(TwoPhaseCommit.class);
    /** How long participants may be held by a client that is gone. */
    private static final Duration TIME_TO_DECIDE = Duration.ofSeconds(5);
    /** Stands for the inode that a participant is going to set aside. */
    private static final long ANY_SEQUENCE = (1L << (Long.SIZE - Short.SIZE)) - 1;

    private final ShardMap shards;
    private final Spanning spanning;
    private final InstantSource clock;
    private final AtomicLong numbers = new AtomicLong();

    /** Reads through all shards. */
    @FunctionalInterface
    interface Spanning {
        <T> T read(int home, Function<KeyValueReader, T> query);
    }

    TwoPhaseCommit(final ShardMap shards, final Spanning spanning, final InstantSource clock) {
        this.shards = shards;
        this.spanning = spanning;
        this.clock = clock;
    }

    /**
     * Carries out a command that one shard alone cannot.
     *
     * @param coordinator the shard in which it creates what it creates
     * @param placement for a directory that is made: the shard it is to live in
     * @throws RowsHeld when another commit is in the way; nothing has happened
     * @throws RowsElsewhere when the shards changed under the forecast; nothing has happened
     */
    Reply run(final ShardSession coordinator, final Command command, final Optional<Integer> placement) {
        return run(coordinator, command, placement, coordinator::ask);
    }

    /** @param decide has the coordinator decide; what it throws leaves the decision open */
    Reply run(
            final ShardSession coordinator,
            final Command command,
            final Optional<Integer> placement,
            final Function<Command.Builder, Reply> decide) {
        final int number = coordinator.shard().number();
        final TransactionId id = TransactionId.newBuilder()
                .setSession(coordinator.session())
                .setNumber(numbers.incrementAndGet())
                .build();
        final long now = nowNanos();
        final Optional<Long> placeholder =
                placement.map(shard -> ((long) shard << (Long.SIZE - Short.SIZE)) | ANY_SEQUENCE);
        final Command forecast = placed(command, placeholder);
        final List<BorrowedRecord> wanted = spanning.read(
                number,
                reader -> NamespaceState.forecast(
                        forecast, reader, number, now, placeholder.map(List::of).orElse(List.of())));
        final long deadline = now + TIME_TO_DECIDE.toNanos();
        final List<BorrowedRecord> borrowed = new ArrayList<>();
        // Whether nothing can have been decided, so that what was borrowed is to be released.
        boolean open = true;
        try {
            for (final BorrowedRecord record : wanted) {
                final boolean places =
                        placement.filter(shard -> shard == record.getShard()).isPresent();
                borrowed.add(shards.number(record.getShard())
                        .call(TwoPhaseProposals.prepare(id, number, deadline, record, places ? 1 : 0))
                        .getPrepared()
                        .getBorrowed());
            }
            final Optional<Long> inode = borrowed.stream()
                    .flatMap(record -> record.getReservedInodesList().stream())
                    .findFirst();
            open = false;
            final Reply reply = decide.apply(TwoPhaseProposals.commit(id, deadline, placed(command, inode), borrowed));
            // A failure in the reply is a decision too: nothing will be written.
            open = !reply.getFailure().isEmpty();
            final Reply decided = NamespaceReplies.unwrap(reply);
            finish(coordinator, id, borrowed);
            return decided;
        } finally {
            if (open) {
                borrowed.forEach(record ->
                        quietly(id, () -> shards.number(record.getShard()).call(TwoPhaseProposals.release(id))));
            }
        }
    }

    private static Command placed(final Command command, final Optional<Long> inode) {
        if (inode.isEmpty()) {
            return command;
        }
        final Command.Builder placed = command.toBuilder();
        placed.getMakeNodeBuilder().setPlacedInode(inode.get());
        return placed.build();
    }

    private long nowNanos() {
        final Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** It is decided: what goes wrong now is put right by whoever meets the intents. */
    private void finish(final ShardSession coordinator, final TransactionId id, final List<BorrowedRecord> borrowed) {
        quietly(id, () -> {
            final List<Integer> wrote = finish(coordinator, id);
            borrowed.stream()
                    .map(BorrowedRecord::getShard)
                    .filter(shard -> !wrote.contains(shard))
                    .forEach(shard -> shards.number(shard).call(TwoPhaseProposals.release(id)));
        });
    }

    /** Brings what was decided to the participants; returns those that had to write. */
    private List<Integer> finish(final ShardSession coordinator, final TransactionId id) {
        final Optional<DecisionRecord> decision =
                coordinator.shard().read(store -> new TwoPhaseQueries(store).decision(id));
        if (decision.isEmpty()) {
            return List.of();
        }
        final List<ParticipantWrites> writes = decision.get().getWritesList();
        for (final ParticipantWrites write : writes) {
            shards.number(write.getShard())
                    .call(TwoPhaseProposals.finish(
                            id, write.getRowsList(), decision.get().getGenerationBase()));
        }
        coordinator.call(TwoPhaseProposals.forget(id));
        return writes.stream().map(ParticipantWrites::getShard).toList();
    }

    private static void quietly(final TransactionId id, final Runnable step) {
        try {
            step.run();
        } catch (final StorageException later) {
            LOG.warn(
                    "commit {}/{} between shards is ended later: {}",
                    id.getSession(),
                    id.getNumber(),
                    later.getMessage());
        }
    }

    /** Ends the transaction that an intent belongs to, if it is decided or can no longer be; else its client is at work. */
    void helpOn(final Intent intent) {
        final TransactionId id = intent.getTransaction();
        final ShardSession coordinator = shards.number(intent.getCoordinator());
        final boolean decided = coordinator
                .shard()
                .read(store -> new TwoPhaseQueries(store).decision(id))
                .isPresent();
        if (decided) {
            finishFor(coordinator, intent);
        } else if (nowNanos() > intent.getDeadlineNanos()) {
            resolve(coordinator, intent);
        }
    }

    /** Brings a decision to its end; the shard that asked may have lent what was only read. */
    private void finishFor(final ShardSession coordinator, final Intent intent) {
        final TransactionId id = intent.getTransaction();
        if (!finish(coordinator, id).contains(intent.getParticipant())) {
            shards.number(intent.getParticipant()).call(TwoPhaseProposals.release(id));
        }
    }

    private void resolve(final ShardSession coordinator, final Intent intent) {
        final TransactionId id = intent.getTransaction();
        final Outcome outcome = coordinator
                .call(TwoPhaseProposals.resolve(id, intent.getDeadlineNanos()))
                .getOutcome()
                .getOutcome();
        switch (outcome) {
            case COMMITTED -> finishFor(coordinator, intent);
            case ABORTED -> shards.number(intent.getParticipant()).call(TwoPhaseProposals.release(id));
            case UNDECIDED -> LOG.debug("a commit between shards is still being decided");
            case OUTCOME_UNKNOWN, UNRECOGNIZED -> throw new IllegalStateException("the coordinator knows no outcome");
        }
    }

    /**
     * Ends what clients that are gone have left in a shard: decisions not brought to the participants, intents not let go.
     *
     * @return how many transactions were dealt with
     */
    int sweep(final ShardSession shard) {
        final long old = nowNanos() - TIME_TO_DECIDE.toNanos();
        int dealtWith = 0;
        for (final TwoPhaseQueries.Decided decided :
                shard.shard().read(store -> new TwoPhaseQueries(store).decisions())) {
            if (decided.record().getTimeNanos() < old) {
                finish(shard, decided.id());
                dealtWith++;
            }
        }
        for (final TwoPhaseQueries.Prepared prepared :
                shard.shard().read(store -> new TwoPhaseQueries(store).prepared())) {
            if (prepared.record().getDeadlineNanos() < nowNanos()) {
                helpOn(Intent.newBuilder()
                        .setTransaction(prepared.id())
                        .setCoordinator(prepared.record().getCoordinator())
                        .setParticipant(shard.shard().number())
                        .setDeadlineNanos(prepared.record().getDeadlineNanos())
                        .build());
                dealtWith++;
            }
        }
        return dealtWith;
    }
}
