package io.tarn.core.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.wire.Heartbeat;
import io.tarn.core.protocol.wire.Note;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The stream on which a session is told what it did not ask for, and shows that it is alive. A client that does not read loses the stream,
 * not the node its memory.
 */
final class AttendCalls implements ServerCallHandler<Heartbeat, Note> {
    /** Notes sent while the transport takes none; about a kilobyte each in its buffers. */
    static final int BEHIND_MAX = 4_096;

    private final UnaryCalls calls;
    private final ClientSessions sessions;

    AttendCalls(final UnaryCalls calls, final ClientSessions sessions) {
        this.calls = calls;
        this.sessions = sessions;
    }

    @Override
    public ServerCall.Listener<Heartbeat> startCall(final ServerCall<Heartbeat, Note> call, final Metadata headers) {
        final Stream stream = new Stream(call, headers);
        call.request(1);
        return stream;
    }

    /** One stream. Heartbeats follow each other: the next is read when the last is dealt with. */
    private final class Stream extends ServerCall.Listener<Heartbeat> implements Notes {
        private final ServerCall<Heartbeat, Note> call;
        private final Metadata headers;
        private final ReentrantLock sending = new ReentrantLock();
        private int behind;
        private boolean open;
        private boolean ended;
        private volatile ClientSession session;

        Stream(final ServerCall<Heartbeat, Note> call, final Metadata headers) {
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onMessage(final Heartbeat heartbeat) {
            Thread.ofVirtual().start(this::beat);
        }

        private void beat() {
            try {
                if (session == null) {
                    session = calls.session(headers);
                    session.attach(this);
                }
                sessions.heartbeat(session, this);
                call.request(1);
            } catch (final StorageException failed) {
                end(failed);
            }
        }

        @Override
        public void onHalfClose() {
            end(new StorageException(Failure.UNAVAILABLE, "the client has left"));
        }

        @Override
        public void onCancel() {
            if (session != null) {
                session.detach(this);
            }
        }

        @Override
        public void send(final Note note) {
            sending.lock();
            try {
                if (ended || call.isCancelled()) {
                    return;
                }
                if (!open) {
                    open = true;
                    call.sendHeaders(new Metadata());
                }
                behind = call.isReady() ? 0 : behind + 1;
                if (behind > BEHIND_MAX) {
                    end(new StorageException(Failure.UNAVAILABLE, "the client does not listen"));
                    return;
                }
                call.sendMessage(note);
            } finally {
                sending.unlock();
            }
        }

        @Override
        public void end(final StorageException why) {
            if (session != null) {
                session.detach(this);
            }
            sending.lock();
            try {
                if (!ended && !call.isCancelled()) {
                    call.close(Failures.status(why), Failures.trailers(why));
                }
                ended = true;
            } finally {
                sending.unlock();
            }
        }
    }
}
