package io.tarn.core.service;

import io.tarn.core.StorageException;
import io.tarn.core.protocol.wire.Note;

/** Where a session is told what it does not ask for. Never blocks; what cannot be sent ends the stream, and the client asks anew. */
interface Notes {
    /** Nobody listens. */
    Notes NONE = new Notes() {
        @Override
        public void send(final Note note) {
            // the client asks for what it missed when it comes back
        }

        @Override
        public void end(final StorageException why) {
            // there is nothing to end
        }
    };

    void send(Note note);

    void end(StorageException why);
}
