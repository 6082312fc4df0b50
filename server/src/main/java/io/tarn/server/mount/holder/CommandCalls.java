package io.tarn.server.mount.holder;

import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.Transport;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What one command asks, on a thread of its own until it is answered. */
final class CommandCalls {
    private static final long END_PATIENCE_SECONDS = 60;

    private final Connection connection;
    private final KeptMounts mounts;
    private final Workers workers;

    CommandCalls(final Connection connection, final KeptMounts mounts, final Workers workers) {
        this.connection = connection;
        this.mounts = mounts;
        this.workers = workers;
    }

    void answer(final Message question) throws IOException, InterruptedException {
        switch (question.verb()) {
            case PREPARE ->
                mount(
                        MountDescription.of(question),
                        question.find(Field.FOREGROUND).isPresent());
            case LIST -> {
                for (final Message mount : mounts.list()) {
                    connection.send(mount);
                }
                connection.send(Message.of(Verb.DONE));
            }
            case AWAIT_END -> awaitEnd(question.get(MountDescription.DIRECTORY));
            case UPGRADE -> upgrade(question.get(Field.COMMAND).lines().toList());
            default -> throw new IOException("a command does not say " + question.verb());
        }
    }

    private void mount(final MountDescription description, final boolean stays)
            throws IOException, InterruptedException {
        final KeptMount mount = mounts.prepare(description);
        boolean mounted = false;
        try {
            final Message prepared = get(mount.prepared());
            connection.send(prepared);
            if (prepared.verb() != Verb.PREPARED) {
                return;
            }
            final Optional<Connection.Received> answer = connection.receive();
            if (answer.isEmpty() || answer.get().message().verb() != Verb.SERVE) {
                answer.ifPresent(Connection.Received::closeDescriptors);
                return;
            }
            mounts.serve(mount, device(description, answer.get().descriptors()));
            mounted = true;
        } finally {
            if (!mounted) {
                mounts.drop(mount);
            }
        }
        final Message serving = get(mount.serving());
        connection.send(serving);
        if (serving.verb() == Verb.SERVING && stays) {
            connection.send(get(mount.ended()));
        }
    }

    private static Optional<Descriptor> device(final MountDescription description, final List<Descriptor> descriptors)
            throws IOException {
        final int wanted = description.transport() == Transport.KERNEL ? 1 : 0;
        if (descriptors.size() != wanted) {
            descriptors.forEach(Descriptor::close);
            throw new IOException(wanted + " descriptors are wanted, not " + descriptors.size());
        }
        return descriptors.stream().findFirst();
    }

    private void awaitEnd(final String directory) throws IOException, InterruptedException {
        final Optional<KeptMount> mount = mounts.on(directory);
        if (mount.isPresent()) {
            try {
                mount.get().ended().get(END_PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (final TimeoutException stillThere) {
                connection.send(KeptMounts.failure("it is unmounted, but still in use or its server is away"));
                return;
            } catch (final ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        connection.send(Message.of(Verb.ENDED));
    }

    private void upgrade(final List<String> command) throws IOException, InterruptedException {
        final Optional<String> obstacle = workers.upgrade(command);
        connection.send(obstacle.map(KeptMounts::failure).orElse(Message.of(Verb.DONE)));
    }

    private static Message get(final CompletableFuture<Message> future) throws InterruptedException {
        try {
            return future.get();
        } catch (final ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
