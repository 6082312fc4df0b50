package io.tarn.s3.gateway;

import io.netty.buffer.ByteBuf;
import io.tarn.s3.call.RequestBody;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Hands a body over from its connection's event loop to the virtual thread that stores it.
 *
 * <p>Bound: at most {@link #WINDOW} buffers of the size Netty reads (up to
 * {@link #BUFFER_BYTES_MAX}) wait here. The connection is asked for more
 * only as they are taken, in batches of half the window; while none is asked for, Netty does not read the socket. The
 * subscription, and with it {@code 100 Continue}, waits for the first {@link #next}.
 *
 * <p>Cost: no copy; one lock and at most one unpark a buffer, one task on the event loop per half window.
 */
final class StreamedBody extends BaseSubscriber<ByteBuf> implements RequestBody {
    /** Most buffers waiting. */
    static final int WINDOW = 16;

    /** Most bytes of one buffer: the fewer there are, the fewer times a body changes threads. */
    static final int BUFFER_BYTES_MAX = 256 * 1024;

    private static final int BATCH = WINDOW / 2;

    private final Flux<ByteBuf> source;
    private final BooleanSupplier severed;
    private final Pace pace;
    private final long stallNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(WINDOW);
    private boolean ended;
    private boolean broken;
    private boolean discarding;
    private boolean subscribed;
    private Optional<ByteBuf> lent = Optional.empty();
    private int taken;
    private long waitedNanos;
    private long waitedBytes;

    StreamedBody(final Flux<ByteBuf> source, final BooleanSupplier severed, final Pace pace) {
        this.severed = severed;
        this.source = source;
        this.pace = pace;
        this.stallNanos = pace.window().toNanos();
    }

    @Override
    public Optional<ByteBuffer> next() {
        giveBack();
        if (!subscribed) {
            subscribed = true;
            source.subscribe(this);
        }
        Optional<ByteBuf> buffer = await();
        if (buffer.isEmpty()) {
            return Optional.empty();
        }
        lent = buffer;
        if (++taken == BATCH) {
            taken = 0;
            request(BATCH);
        }
        return Optional.of(buffer.get().nioBuffer());
    }

    private Optional<ByteBuf> await() {
        lock.lock();
        try {
            long left = stallNanos;
            while (waiting.isEmpty() && !ended) {
                if (left <= 0) {
                    throw new S3Exception(S3ErrorCode.REQUEST_TIMEOUT);
                }
                left = changed.awaitNanos(left);
            }
            if (waiting.isEmpty() && broken) {
                throw new S3Exception(S3ErrorCode.INCOMPLETE_BODY);
            }
            Optional<ByteBuf> next = Optional.ofNullable(waiting.peek());
            keepPace(stallNanos - left, next.map(ByteBuf::readableBytes).orElse(0));
            waiting.poll();
            return next;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3ErrorCode.SERVICE_UNAVAILABLE, "The server is shutting down.", stopped);
        } finally {
            lock.unlock();
        }
    }

    /** Only while this side waits for the client does its time run. */
    private void keepPace(final long nanos, final int bytes) {
        waitedNanos += nanos;
        waitedBytes += bytes;
        if (waitedNanos < stallNanos) {
            return;
        }
        if (!ended && waitedBytes < pace.windowBytes()) {
            throw new S3Exception(S3ErrorCode.REQUEST_TIMEOUT);
        }
        waitedNanos = 0;
        waitedBytes = 0;
    }

    private void giveBack() {
        lent.ifPresent(ByteBuf::release);
        lent = Optional.empty();
    }

    /** Whether the client was never asked for the body, so that it may still be holding it back. */
    boolean untouched() {
        return !subscribed;
    }

    /** Whether all of the body arrived. */
    boolean complete() {
        lock.lock();
        try {
            return ended && !broken && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Called when the operation is done with the body: what waits is freed, what still comes is thrown away. */
    void discard() {
        giveBack();
        lock.lock();
        try {
            discarding = true;
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            if (ended || !subscribed) {
                return;
            }
        } finally {
            lock.unlock();
        }
        request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnSubscribe(final Subscription subscription) {
        subscription.request(WINDOW);
    }

    @Override
    protected void hookOnNext(final ByteBuf buffer) {
        lock.lock();
        try {
            if (!discarding && buffer.isReadable()) {
                waiting.add(buffer.retain());
                changed.signal();
            } else if (!discarding) {
                request(1);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void hookOnComplete() {
        // the library completes a body also when its connection ends
        end(severed.getAsBoolean());
    }

    @Override
    protected void hookOnError(final Throwable failure) {
        end(true);
    }

    @Override
    protected void hookOnCancel() {
        end(true);
    }

    private void end(final boolean wasBroken) {
        lock.lock();
        try {
            ended = true;
            broken = wasBroken;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
