package io.tarn.core.service;

import com.google.protobuf.MessageLite;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.Frame;
import io.tarn.core.protocol.TokenHeader;
import io.tarn.core.protocol.Unauthenticated;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of one question and one answer. The event loop parses the question; what is to be done is done by a virtual thread of its own,
 * which also writes the answer: two hops a call. More calls than {@link ServiceLimits} allows are turned away before they cost a thread.
 */
final class UnaryCalls {
    private static final Logger LOG = LoggerFactory.getLogger(UnaryCalls.class);

    private final ClientSessions sessions;
    private final Admission admission;
    private final LongSupplier nanoTime;

    UnaryCalls(final ClientSessions sessions, final Admission admission, final LongSupplier nanoTime) {
        this.sessions = sessions;
        this.admission = admission;
        this.nanoTime = nanoTime;
    }

    /** What a method does; it may block. */
    @FunctionalInterface
    interface Body<Q, A> {
        A answer(ClientSession session, Q question);
    }

    /** What a method does that needs no session. */
    @FunctionalInterface
    interface OpenBody<Q, A> {
        A answer(Q question);
    }

    <Q, A> ServerCallHandler<Q, A> open(final OpenBody<Q, A> body) {
        return (call, headers) -> listen(new Run<>(call, false, question -> body.answer(question)));
    }

    /** What a method does that looks at the token itself. */
    @FunctionalInterface
    interface TokenBody<Q, A> {
        A answer(String token, Q question);
    }

    <Q, A> ServerCallHandler<Q, A> withToken(final TokenBody<Q, A> body) {
        return (call, headers) -> listen(new Run<>(call, false, question -> body.answer(token(headers), question)));
    }

    <Q, A> ServerCallHandler<Q, A> of(final Body<Q, A> body) {
        return of(body, false);
    }

    /** @param waits whether the body waits for something, and is to be interrupted when the client has gone */
    <Q, A> ServerCallHandler<Q, A> of(final Body<Q, A> body, final boolean waits) {
        return (call, headers) -> listen(new Run<>(call, waits, question -> {
            final ClientSession session = session(headers);
            session.enter(nanoTime.getAsLong());
            try {
                return body.answer(session, question);
            } finally {
                session.leave();
            }
        }));
    }

    ClientSession session(final Metadata headers) {
        return sessions.of(token(headers));
    }

    private static String token(final Metadata headers) {
        return Optional.ofNullable(headers.get(TokenHeader.KEY))
                .orElseThrow(() -> new Unauthenticated("the call has no token"));
    }

    private <Q, A> ServerCall.Listener<Q> listen(final Run<Q, A> run) {
        run.call.request(2);
        return run;
    }

    /** One call. Its first methods run on the event loop. */
    private final class Run<Q, A> extends ServerCall.Listener<Q> implements Runnable {
        private final ServerCall<Q, A> call;
        private final boolean waits;
        private final OpenBody<Q, A> body;
        private Optional<Q> question = Optional.empty();
        private long bytes;
        private volatile Optional<Thread> running = Optional.empty();

        Run(final ServerCall<Q, A> call, final boolean waits, final OpenBody<Q, A> body) {
            this.call = call;
            this.waits = waits;
            this.body = body;
        }

        @Override
        public void onMessage(final Q message) {
            question = Optional.of(message);
        }

        @Override
        public void onHalfClose() {
            bytes = question.orElse(null) instanceof final MessageLite message ? message.getSerializedSize() : 0;
            if (!admission.enter(bytes)) {
                close(new StorageException(Failure.UNAVAILABLE, "the node has too much to do"));
                return;
            }
            final Thread thread = Thread.ofVirtual().unstarted(this);
            running = waits ? Optional.of(thread) : Optional.empty();
            thread.start();
        }

        @Override
        public void onCancel() {
            running.ifPresent(Thread::interrupt);
        }

        @Override
        public void run() {
            try {
                final A answer = body.answer(question.orElseThrow(() -> Failures.malformed("the call has no message")));
                send(answer);
            } catch (final StorageException failed) {
                close(failed);
            } catch (final RuntimeException unexpected) {
                // the client must hear of it, or it waits for its deadline
                LOG.error(
                        "call {} failed unexpectedly",
                        call.getMethodDescriptor().getFullMethodName(),
                        unexpected);
                call.close(Status.INTERNAL.withDescription("the node failed, see its log"), new Metadata());
            } finally {
                admission.leave(bytes);
            }
        }

        private void send(final A answer) {
            try {
                call.sendHeaders(new Metadata());
                call.sendMessage(answer);
                call.close(Status.OK, new Metadata());
            } finally {
                if (answer instanceof final Frame frame) {
                    frame.close();
                }
            }
        }

        private void close(final StorageException failed) {
            call.close(Failures.status(failed), Failures.trailers(failed));
        }
    }
}
