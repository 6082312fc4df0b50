package io.tarn.core.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.Frame;
import io.tarn.core.protocol.wire.AppendAnswer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Streams of appends. Frames of a stream are appended in their order, by one virtual thread of the stream's own; each is answered when it
 * is durable. At most {@value #FRAMES_AHEAD} wait in the transport's buffers, which is what holds a fast writer back.
 */
final class AppendCalls implements ServerCallHandler<Frame, AppendAnswer> {
    static final int FRAMES_AHEAD = 4;

    private final UnaryCalls calls;
    private final ExtentCalls extents;

    AppendCalls(final UnaryCalls calls, final ExtentCalls extents) {
        this.calls = calls;
        this.extents = extents;
    }

    @Override
    public ServerCall.Listener<Frame> startCall(final ServerCall<Frame, AppendAnswer> call, final Metadata headers) {
        final Stream stream = new Stream(call, headers);
        Thread.ofVirtual().start(stream);
        call.request(FRAMES_AHEAD);
        return stream;
    }

    /** One stream. */
    private final class Stream extends ServerCall.Listener<Frame> implements Runnable {
        private final ServerCall<Frame, AppendAnswer> call;
        private final Metadata headers;
        /** Empty for the end. Bounded by what is asked for of the transport. */
        private final BlockingQueue<Optional<Frame>> frames = new LinkedBlockingQueue<>();

        private final ReentrantLock sending = new ReentrantLock();
        private volatile boolean ended;

        Stream(final ServerCall<Frame, AppendAnswer> call, final Metadata headers) {
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onMessage(final Frame frame) {
            if (ended) {
                frame.close();
            } else {
                frames.add(Optional.of(frame));
            }
        }

        @Override
        public void onHalfClose() {
            frames.add(Optional.empty());
        }

        @Override
        public void onCancel() {
            frames.add(Optional.empty());
        }

        @Override
        public void run() {
            try {
                final ExtentCalls.AppendWriter writer = extents.writer(calls.session(headers));
                sending.lock();
                try {
                    call.sendHeaders(new Metadata());
                } finally {
                    sending.unlock();
                }
                Optional<Frame> next = frames.take();
                while (next.isPresent()) {
                    extents.append(writer, next.get(), this::answer);
                    call.request(1);
                    next = frames.take();
                }
                end(Status.OK, new Metadata());
            } catch (final StorageException refused) {
                end(Failures.status(refused), Failures.trailers(refused));
            } catch (final InterruptedException stopped) {
                Thread.currentThread().interrupt();
                end(Status.UNAVAILABLE, new Metadata());
            } finally {
                drop();
            }
        }

        private void drop() {
            Optional<Frame> left = Optional.ofNullable(frames.poll()).flatMap(frame -> frame);
            while (left.isPresent()) {
                left.get().close();
                left = Optional.ofNullable(frames.poll()).flatMap(frame -> frame);
            }
        }

        /** On the thread that forced the bytes, which it does not hold up: the answer is a few bytes in the transport's queue. */
        private void answer(final AppendAnswer answer) {
            sending.lock();
            try {
                if (!ended && !call.isCancelled()) {
                    call.sendMessage(answer);
                }
            } finally {
                sending.unlock();
            }
        }

        private void end(final Status status, final Metadata trailers) {
            sending.lock();
            try {
                if (!ended && !call.isCancelled()) {
                    call.close(status, trailers);
                }
                ended = true;
            } finally {
                sending.unlock();
            }
        }
    }
}
