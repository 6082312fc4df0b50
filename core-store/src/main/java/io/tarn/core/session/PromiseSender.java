package io.tarn.core.session;

import com.google.protobuf.ByteString;
import io.tarn.client.ContentWriter;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.wire.BrokenPromise;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.WriteContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches of promises out of the queue and commits them, one after the other. Contents too long for a log entry go to extents first,
 * those of a batch side by side, so they share an fdatasync.
 *
 * <p>A shard that takes no commands is waited for, as long as the session lasts. One virtual thread.
 */
final class PromiseSender {
    private static final Logger LOG = LoggerFactory.getLogger(PromiseSender.class);
    private static final long PAUSE_MIN_NANOS = 5_000_000;
    private static final long PAUSE_MAX_NANOS = 500_000_000;
    /** What every client lets ride in the commit needs no thread of its own. */
    private static final int SMALL_BYTES = 4 << 10;

    private static final Executor ASIDE = Thread::startVirtualThread;

    private final HeldTree tree;
    private final Names names;
    private final Writers writers;
    private final long inShard;
    private final LongPredicate isOpenHere;
    private final BiConsumer<Promise, StorageException> broken;
    private final Thread thread;

    /**
     * @param names past what is promised
     * @param inShard an id of the shard that the promises are for
     * @param isOpenHere whether a file that is made is open here; from then on the shard counts it
     * @param broken told of promises that cannot be kept
     */
    PromiseSender(
            final HeldTree tree,
            final Names names,
            final Writers writers,
            final long inShard,
            final LongPredicate isOpenHere,
            final BiConsumer<Promise, StorageException> broken) {
        this.tree = tree;
        this.names = names;
        this.writers = writers;
        this.inShard = inShard;
        this.isOpenHere = isOpenHere;
        this.broken = broken;
        this.thread = Thread.ofVirtual().name("promises").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Waits until all is sent. */
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            final Optional<Outgoing> next = tree.locked(() -> tree.queue.take().map(this::outgoing));
            if (next.isEmpty()) {
                return;
            }
            send(next.get());
        }
    }

    /** A batch with its commands; those that make files which are open are to hold them. */
    private record Outgoing(PromiseQueue.Batch batch, Map<Promise, Command> commands, long session) {}

    private Outgoing outgoing(final PromiseQueue.Batch batch) {
        final Map<Promise, Command> commands = new LinkedHashMap<>();
        for (final Promise promise : batch.promises()) {
            commands.put(promise, held(promise));
        }
        return new Outgoing(batch, commands, tree.session());
    }

    private Command held(final Promise promise) {
        final long made = promise.madeFile();
        if (made == 0 || !isOpenHere.test(made)) {
            return promise.command();
        }
        final Command.Builder open = promise.command().toBuilder();
        open.getMakeNodeBuilder().setOpen(true);
        return open.build();
    }

    private void send(final Outgoing outgoing) {
        final List<Content> contents = new ArrayList<>();
        final Map<Promise, StorageException> failed = new LinkedHashMap<>();
        try {
            place(outgoing, contents, failed);
            final List<Promise> sent = List.copyOf(outgoing.commands().keySet());
            final List<BrokenPromise> refused = commit(outgoing);
            contents.forEach(Content::committed);
            refused.forEach(one -> failed.put(
                    sent.get(one.getPlace()),
                    new StorageException(Failure.valueOf(one.getFailure()), one.getMessage())));
        } catch (final StorageException lost) {
            outgoing.batch().promises().forEach(promise -> failed.putIfAbsent(promise, lost));
            if (lost.failure() == Failure.STALE_SESSION || lost.failure() == Failure.TIMEOUT) {
                tree.under(() -> {
                    tree.queue.drop().forEach(promise -> failed.putIfAbsent(promise, lost));
                    tree.lose();
                });
            }
        } finally {
            contents.forEach(Content::close);
            failed.forEach(broken);
            tree.under(() -> tree.kept(outgoing.batch()));
        }
    }

    /** Until it is known what came of it, or it is known that nobody will. */
    private List<BrokenPromise> commit(final Outgoing outgoing) {
        final long session = outgoing.session();
        final List<Command> promises = List.copyOf(outgoing.commands().values());
        long pause = PAUSE_MIN_NANOS;
        while (true) {
            if (names.sessionAt(inShard) != session) {
                throw new StorageException(Failure.STALE_SESSION, "the session ended before its promises were kept");
            }
            try {
                return names.callAt(
                                inShard,
                                NodeProposals.keepPromises(
                                        session, promises, outgoing.batch().giveBack()))
                        .getKept()
                        .getBrokenList();
            } catch (final StorageException failed) {
                if (failed.failure() != Failure.UNAVAILABLE) {
                    throw failed;
                }
                LOG.debug("promises cannot be kept now", failed);
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            pause = Math.min(PAUSE_MAX_NANOS, 2 * pause);
        }
    }

    /** Bytes of a promise on their way. */
    private record Content(ContentWriter writer, NamedContent named) {
        void committed() {
            named.committed();
        }

        void close() {
            writer.close();
        }
    }

    /** Puts the bytes of the batch where they belong and names them in its commands. */
    private void place(
            final Outgoing outgoing, final List<Content> contents, final Map<Promise, StorageException> failed) {
        final Map<Promise, CompletableFuture<Content>> placing = new LinkedHashMap<>();
        outgoing.commands().forEach((promise, command) -> {
            if (!command.getWriteContent().getContent().getInlineData().isEmpty()) {
                placing.put(promise, placing(promise));
            }
        });
        placing.forEach((promise, future) -> {
            try {
                final Content content = future.join();
                contents.add(content);
                outgoing.commands().put(promise, naming(promise, content.named()));
            } catch (final CompletionException thrown) {
                if (!(thrown.getCause() instanceof final StorageException known)) {
                    throw thrown;
                }
                failed.put(promise, known);
                outgoing.commands().put(promise, withoutContent(promise.command()));
            }
        });
    }

    private CompletableFuture<Content> placing(final Promise promise) {
        final ByteString bytes =
                promise.command().getWriteContent().getContent().getInlineData();
        if (bytes.size() > SMALL_BYTES) {
            return CompletableFuture.supplyAsync(() -> placed(promise.volume(), bytes), ASIDE);
        }
        try {
            return CompletableFuture.completedFuture(placed(promise.volume(), bytes));
        } catch (final StorageException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private Content placed(final long volume, final ByteString bytes) {
        final ContentWriter writer = writers.open(volume);
        boolean done = false;
        try {
            for (final ByteBuffer part : bytes.asReadOnlyByteBufferList()) {
                writer.write(part);
            }
            if (!(writer.finish() instanceof final NamedContent named)) {
                throw new IllegalStateException("content of another client");
            }
            done = true;
            return new Content(writer, named);
        } finally {
            if (!done) {
                writer.close();
            }
        }
    }

    private static Command naming(final Promise promise, final NamedContent named) {
        final Command.Builder command = promise.command().toBuilder();
        command.getWriteContentBuilder().setContent(named.toRecord());
        return command.build();
    }

    /** The bytes are lost; what was to be given back with them is given back all the same. */
    private static Command withoutContent(final Command command) {
        final WriteContent write = command.getWriteContent();
        return NodeProposals.close(write.getInode(), write.getClosing())
                .setShownNanos(command.getShownNanos())
                .build();
    }
}
