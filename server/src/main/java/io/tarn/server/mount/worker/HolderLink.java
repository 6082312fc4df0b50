package io.tarn.server.mount.worker;

import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.Lifeline;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.StateFolder;
import io.tarn.server.mount.control.Trouble;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker says to the holder. When that is gone, nobody hears it, and mounts are served to their end without. Thread-safe.
 */
final class HolderLink {
    private static final Logger LOG = LoggerFactory.getLogger(HolderLink.class);

    private final Connection connection;

    private HolderLink(final Connection connection) {
        this.connection = connection;
    }

    /** Reports to the holder. */
    static HolderLink report(final StateFolder folder) throws IOException {
        final Connection connection = new Connection(UnixSocket.connect(folder.socket()));
        try (Descriptor line = Lifeline.hold()) {
            connection.send(Message.of(Verb.WORKER), List.of(line));
        } catch (final LinuxException refused) {
            LOG.warn(
                    "without a lifeline, whose absence shows only when this process is killed inside the kernel",
                    refused);
            connection.send(Message.of(Verb.WORKER));
        }
        return new HolderLink(connection);
    }

    /** What is to be done next; empty when the holder is gone. */
    Optional<Connection.Received> receive() throws IOException {
        return connection.receive();
    }

    private void say(final Message message) {
        say(message, List.of());
    }

    private void say(final Message message, final List<Descriptor> descriptors) {
        try {
            connection.send(message, descriptors);
        } catch (final IOException gone) {
            LOG.warn("the holder does not hear {}: {}", message, gone.getMessage());
        }
    }

    private static Message about(final Verb verb, final String id) {
        return Message.of(verb).with(Field.ID, id);
    }

    /** What a successor shall have. */
    void keep(final String id, final Descriptor descriptor) {
        say(about(Verb.KEEP, id), List.of(descriptor));
    }

    void prepared(final String id, final String token) {
        say(about(Verb.PREPARED, id).with(Field.TOKEN, token));
    }

    /** @param parameters what the next process has to know */
    void serving(final String id, final String parameters) {
        say(about(Verb.SERVING, id).with(Field.PARAMETERS, parameters));
    }

    void token(final String id, final String token) {
        say(about(Verb.TOKEN, id).with(Field.TOKEN, token));
    }

    void failed(final String id, final Trouble trouble, final String reason) {
        say(about(Verb.FAILED, id).with(Field.TROUBLE, trouble.name()).with(Field.REASON, reason));
    }

    void ended(final String id, final String reason) {
        say(about(Verb.ENDED, id).with(Field.REASON, reason));
    }

    void handedOver() {
        say(Message.of(Verb.HANDED_OVER));
    }
}
