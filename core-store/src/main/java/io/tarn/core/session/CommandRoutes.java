package io.tarn.core.session;

import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.RowsElsewhere;
import io.tarn.core.namespace.RowsHeld;
import io.tarn.core.namespace.Visited;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.PathBase;
import io.tarn.core.namespace.wire.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of a command to the shards that carry it out: first it is tried in the one where it most likely belongs; when that needs rows
 * of others, a command on a key is tried where the key's path has led to; and only then it becomes a commit between shards. Thread-safe.
 */
public final class CommandRoutes {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long WAIT_MIN_NANOS = 500_000;
    private static final long WAIT_MAX_NANOS = 20_000_000;

    private final Hops hops;

    /** The single steps, each of which goes to one known shard, so that repeating it is harmless. */
    public interface Hops {
        /** @throws RowsElsewhere, RowsHeld when the shard did nothing */
        Reply send(int shard, Command.Builder command);

        /** The deepest directory on the way to a key. */
        Optional<PathBase> deepest(int home, long volume, Key key);

        /** @throws RowsElsewhere, RowsHeld when nothing happened */
        Reply commitBetween(int coordinator, Command.Builder command);

        /** Something is in the way; ends it if whoever began it is gone. */
        void helpOn(RowsHeld held);

        /** A client holds a directory that is needed; asks it to give that back. */
        void recall(Visited visited);
    }

    public CommandRoutes(final Hops hops) {
        this.hops = hops;
    }

    /** Carries out a command; {@code volume} matters only for commands on keys. */
    public Reply call(final int first, final long volume, final Command.Builder command) {
        final Optional<Key> key = keyOf(command);
        final Routed route = new Routed(first, command);
        return patiently(() -> {
            try {
                return route.send();
            } catch (final RowsElsewhere several) {
                if (key.isPresent() && !route.based) {
                    route.startAt(hops.deepest(first, volume, key.get()));
                    return route.sendOrCommit();
                }
                return route.commit();
            }
        });
    }

    /** A command, and where it is tried. */
    private final class Routed {
        private final Command.Builder command;
        private int at;
        private final int first;
        private boolean based;

        Routed(final int first, final Command.Builder command) {
            this.first = first;
            this.at = first;
            this.command = command;
        }

        Reply send() {
            return hops.send(at, command);
        }

        void startAt(final Optional<PathBase> base) {
            base.ifPresent(found -> {
                command.setBase(found);
                at = Names.shardOf(found.getDirectory());
                based = true;
            });
        }

        Reply sendOrCommit() {
            try {
                return send();
            } catch (final RowsElsewhere several) {
                return commit();
            }
        }

        Reply commit() {
            try {
                return hops.commitBetween(at, command);
            } catch (final RowsElsewhere changed) {
                // What it stood on has moved: next time it is looked for again.
                command.clearBase();
                at = first;
                based = false;
                throw changed;
            }
        }
    }

    private static Optional<Key> keyOf(final Command.Builder command) {
        return switch (command.getBodyCase()) {
            case PUT_OBJECT ->
                Optional.of(Key.of(command.getPutObject().getKey().toByteArray()));
            case DELETE_OBJECT ->
                Optional.of(Key.of(command.getDeleteObject().getKey().toByteArray()));
            default -> Optional.empty();
        };
    }

    /** Something that commits between shards, or holders of directories, may be in the way of. */
    @FunctionalInterface
    interface Attempt<T> {
        T run();
    }

    <T> T patiently(final Attempt<T> attempt) {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        long wait = WAIT_MIN_NANOS;
        while (true) {
            try {
                return attempt.run();
            } catch (final RowsHeld held) {
                if (System.nanoTime() > deadline) {
                    throw busy(held);
                }
                hops.helpOn(held);
            } catch (final Visited visited) {
                if (System.nanoTime() > deadline) {
                    throw busy(visited);
                }
                hops.recall(visited);
            } catch (final RowsElsewhere changed) {
                if (System.nanoTime() > deadline) {
                    throw busy(changed);
                }
            }
            backOff(wait);
            wait = Math.min(WAIT_MAX_NANOS, 2 * wait);
        }
    }

    private static StorageException busy(final RuntimeException cause) {
        return new StorageException(Failure.UNAVAILABLE, "other clients were in the way for " + PATIENCE, cause);
    }

    /** Random, so that two that met do not meet again. */
    private static void backOff(final long nanos) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
        if (Thread.currentThread().isInterrupted()) {
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while another client was in the way");
        }
    }
}
