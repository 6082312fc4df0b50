package io.tarn.core.remote;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.protocol.AppendFrame;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.Frame;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.TokenHeader;
import io.tarn.core.protocol.wire.AppendAnswer;
import io.tarn.core.protocol.wire.SessionGrant;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Appends on their way to a node: one stream, so that those to one extent arrive in their order. When it breaks, whatever was not
 * acknowledged fails, and the next append begins another stream; that the bytes go elsewhere then is the packed writer's matter.
 *
 * <p>Cost of an append: its checksum, one copy to the transport; the acknowledgement carries the checksum of what was stored. Callers
 * wait while too many bytes are on their way. Thread-safe.
 */
final class AppendStream implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final Link link;
    private final LongSupplier nanoTime;
    private final int bytesMax;
    private final Semaphore room;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Stream> current = Optional.empty();

    AppendStream(final Link link, final int bytesMax, final LongSupplier nanoTime) {
        this.link = link;
        this.bytesMax = bytesMax;
        this.room = new Semaphore(bytesMax, /* fair= */ true);
        this.nanoTime = nanoTime;
    }

    private record Place(long extent, long offset) {}

    private record Waiting(CompletableFuture<Block> durable, int length, int checksum, int held, long sinceNanos) {}

    CompletableFuture<Block> append(
            final ExtentId extent, final long epoch, final long offset, final List<ByteBuffer> payload) {
        final CRC32C crc = new CRC32C();
        payload.forEach(part -> crc.update(part.duplicate()));
        final int length = payload.stream().mapToInt(ByteBuffer::remaining).sum();
        final int held = Math.min(length, bytesMax);
        final Waiting waiting =
                new Waiting(new CompletableFuture<>(), length, (int) crc.getValue(), held, nanoTime.getAsLong());
        room.acquireUninterruptibly(held);
        lock.lock();
        try {
            stream().send(new Place(extent.value(), offset), epoch, payload, waiting);
        } catch (final StorageException failed) {
            settle(waiting, Optional.empty(), failed);
        } finally {
            lock.unlock();
        }
        return waiting.durable();
    }

    private void settle(final Waiting waiting, final Optional<Block> block, final StorageException failure) {
        room.release(waiting.held());
        block.ifPresentOrElse(
                waiting.durable()::complete, () -> waiting.durable().completeExceptionally(failure));
    }

    private Stream stream() {
        if (current.filter(stream -> !stream.broken).isEmpty()) {
            final Stream stream = new Stream(link.grant());
            stream.start();
            current = Optional.of(stream);
        }
        return current.get();
    }

    /** Gives up on a node that has not answered for long. */
    void tick() {
        lock.lock();
        try {
            current.filter(stream -> stream.isStuck(nanoTime.getAsLong()))
                    .ifPresent(stream -> stream.call.cancel("no answer in " + ANSWER_TIMEOUT, null));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            current.ifPresent(stream -> stream.call.halfClose());
        } finally {
            lock.unlock();
        }
    }

    /** One stream. Sent to under the outer lock; answered on the event loop. */
    private final class Stream extends ClientCall.Listener<AppendAnswer> {
        private final SessionGrant grant;
        private final ClientCall<Frame, AppendAnswer> call;
        private final ReentrantLock answering = new ReentrantLock();
        private final Map<Place, Waiting> waiting = new HashMap<>();
        private volatile boolean broken;

        Stream(final SessionGrant grant) {
            this.grant = grant;
            this.call = link.stream(Methods.APPEND);
        }

        void start() {
            call.start(this, TokenHeader.of(grant.getToken()));
            call.request(Integer.MAX_VALUE);
        }

        void send(final Place place, final long epoch, final List<ByteBuffer> payload, final Waiting append) {
            answering.lock();
            try {
                if (broken) {
                    throw new LostCall("the stream of appends is broken");
                }
                waiting.put(place, append);
            } finally {
                answering.unlock();
            }
            call.sendMessage(new AppendFrame(place.extent(), epoch, place.offset()).with(payload));
        }

        boolean isStuck(final long nowNanos) {
            answering.lock();
            try {
                return waiting.values().stream()
                        .anyMatch(append -> nowNanos - append.sinceNanos() > ANSWER_TIMEOUT.toNanos());
            } finally {
                answering.unlock();
            }
        }

        @Override
        public void onMessage(final AppendAnswer answer) {
            final Waiting append;
            answering.lock();
            try {
                append = waiting.remove(new Place(answer.getExtent(), answer.getOffset()));
            } finally {
                answering.unlock();
            }
            if (append == null) {
                return;
            }
            if (!answer.getFailure().isEmpty()) {
                settle(append, Optional.empty(), Failures.failure(answer.getFailure(), answer.getMessage()));
            } else if (answer.getChecksum() != append.checksum() || answer.getLength() != append.length()) {
                settle(
                        append,
                        Optional.empty(),
                        new StorageException(Failure.CORRUPT, "other bytes were stored than were sent"));
            } else {
                settle(
                        append,
                        Optional.of(new Block(
                                new ExtentId(answer.getExtent()),
                                answer.getOffset(),
                                answer.getLength(),
                                answer.getChecksum())),
                        new LostCall(""));
            }
        }

        @Override
        public void onClose(final Status status, final Metadata trailers) {
            final StorageException failure = Pending.failure(status, trailers);
            final List<Waiting> lost;
            answering.lock();
            try {
                broken = true;
                lost = new ArrayList<>(waiting.values());
                waiting.clear();
            } finally {
                answering.unlock();
            }
            if (failure.failure() == Failure.PERMISSION_DENIED || failure.failure() == Failure.STALE_SESSION) {
                // not here, where waiting for the node would hold up its answers
                Thread.ofVirtual().start(() -> refused(failure));
            }
            lost.forEach(append -> settle(append, Optional.empty(), failure));
        }

        private void refused(final StorageException failure) {
            try {
                link.refused(grant, failure);
            } catch (final StorageException later) {
                // whoever appends next is told
                link.hurry();
            }
        }
    }
}
