package io.tarn.core.shard;

import com.google.protobuf.UnsafeByteOperations;
import io.tarn.core.StorageException;
import io.tarn.core.wire.BatchEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Commands on their way through one log entry. */
final class Batch {
    private final long callId;
    private final long timeNanos;
    private final long proposedNanos;
    private final List<byte[]> commands;
    private final List<CompletableFuture<byte[]>> futures;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile boolean appended;

    Batch(final long callId, final long timeNanos, final long proposedNanos, final List<Pending> pending) {
        this.callId = callId;
        this.timeNanos = timeNanos;
        this.proposedNanos = proposedNanos;
        this.commands = new ArrayList<>(pending.size());
        this.futures = new ArrayList<>(pending.size());
        for (final Pending command : pending) {
            commands.add(command.command());
            futures.add(command.reply());
        }
    }

    long callId() {
        return callId;
    }

    long timeNanos() {
        return timeNanos;
    }

    /** Monotonic time before it was proposed, from which the lease counts. */
    long proposedNanos() {
        return proposedNanos;
    }

    List<byte[]> commands() {
        return commands;
    }

    /** The log is about to take it: from here on its outcome is only known when it is applied. */
    void appending() {
        appended = true;
    }

    boolean mayBeInLog() {
        return appended;
    }

    ByteString encode() {
        final BatchEntry.Builder entry = BatchEntry.newBuilder().setTimeNanos(timeNanos);
        commands.forEach(command -> entry.addCommands(UnsafeByteOperations.unsafeWrap(command)));
        return org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(
                entry.build().toByteArray());
    }

    /** Whether this call is the one that decides the outcome. */
    boolean settle() {
        return settled.compareAndSet(false, true);
    }

    void succeed(final List<byte[]> replies) {
        for (int i = 0; i < futures.size(); i++) {
            futures.get(i).complete(replies.get(i));
        }
    }

    void fail(final StorageException failure) {
        futures.forEach(future -> future.completeExceptionally(failure));
    }

    /** A command in the queue, with the monotonic time at which it came. */
    static final class Pending {
        private final byte[] command;
        private final CompletableFuture<byte[]> reply = new CompletableFuture<>();
        private final long queuedNanos;

        Pending(final byte[] command, final long queuedNanos) {
            this.command = command;
            this.queuedNanos = queuedNanos;
        }

        byte[] command() {
            return command;
        }

        CompletableFuture<byte[]> reply() {
            return reply;
        }

        long queuedNanos() {
            return queuedNanos;
        }
    }
}
