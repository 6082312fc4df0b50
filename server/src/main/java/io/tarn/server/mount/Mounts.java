package io.tarn.server.mount;

import io.tarn.posix.fuse.MountException;
import io.tarn.posix.fuse.MountWish;
import io.tarn.posix.fuse.Mounting;
import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mounts of this user on this machine, as a command sees them. The command makes the mount itself, with its own rights and among its own
 * names, and gives the connection away; through libfuse the worker makes it. Not thread-safe.
 */
public final class Mounts {
    private static final int READ_AHEAD_BYTES = 1 << 20;
    /** A holder may go the moment it is found, for its last mount went. */
    private static final int ATTEMPTS = 5;

    private final HolderDoor door;

    public Mounts(final Map<String, String> environment) throws IOException {
        this.door = new HolderDoor(environment);
    }

    /** A mount that was made and is being served. */
    public static final class Live implements AutoCloseable {
        private final Connection connection;
        private final Path directory;

        private Live(final Connection connection, final Path directory) {
            this.connection = connection;
            this.directory = directory;
        }

        public Path directory() {
            return directory;
        }

        /** Waits until it is gone, if that was asked for when it was made. */
        public void awaitEnd() throws IOException {
            connection.receive();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    /**
     * Mounts; when this returns programs can use it.
     *
     * @param stays whether the caller will wait for its end
     * @throws MountFailure when the storage or the processes are the obstacle
     * @throws io.tarn.posix.fuse.MountException when this machine is
     */
    public Live mount(final MountDescription description, final boolean stays) throws IOException {
        final MountWish wish = MountWishes.of(description);
        Message question = description.in(Message.of(Verb.PREPARE));
        if (stays) {
            question = question.with(Field.FOREGROUND, "yes");
        }
        final Connection connection = ask(question);
        boolean live = false;
        try {
            switch (description.transport()) {
                case KERNEL -> {
                    try (Descriptor device = Mounting.mount(wish)) {
                        connection.send(Message.of(Verb.SERVE), List.of(device));
                    }
                    live = isServed(connection, wish.directory());
                }
                case JNR -> {
                    connection.send(Message.of(Verb.SERVE));
                    expect(connection, Verb.SERVING);
                    live = true;
                }
            }
            Mounting.raiseReadAhead(wish.directory(), READ_AHEAD_BYTES);
            return new Live(connection, wish.directory());
        } finally {
            if (!live) {
                connection.close();
            }
        }
    }

    /** Asks a holder that hears it to the end. */
    private Connection ask(final Message question) throws IOException {
        IOException last = new IOException("the holder of mounts is not to be had");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final Connection connection = door.open();
            boolean answered = false;
            try {
                connection.send(question);
                expect(connection, Verb.PREPARED);
                answered = true;
                return connection;
            } catch (final MountFailure refused) {
                throw refused;
            } catch (final IOException gone) {
                last = gone;
            } finally {
                if (!answered) {
                    connection.close();
                }
            }
        }
        throw last;
    }

    private static boolean isServed(final Connection connection, final Path directory) throws IOException {
        boolean served = false;
        try {
            expect(connection, Verb.SERVING);
            served = true;
        } finally {
            if (!served) {
                Mounting.unmount(directory, true);
            }
        }
        return true;
    }

    private static Message expect(final Connection connection, final Verb wanted) throws IOException {
        final Message message = connection
                .receive()
                .orElseThrow(() -> new IOException("the holder of mounts broke off"))
                .message();
        if (message.verb() == Verb.FAILED) {
            throw new MountFailure(message);
        }
        if (message.verb() != wanted) {
            throw new IOException("the holder of mounts says " + message.verb() + " in place of " + wanted);
        }
        return message;
    }

    /** All mounts that are kept, with what {@link MountDescription#shownIn} and {@link Field} name. */
    public List<Map<String, String>> list() throws IOException {
        final Optional<Connection> holder = door.find();
        final List<Map<String, String>> mounts = new ArrayList<>();
        if (holder.isPresent()) {
            try (Connection connection = holder.get()) {
                connection.send(Message.of(Verb.LIST));
                Optional<Connection.Received> received = connection.receive();
                while (received.isPresent() && received.get().message().verb() == Verb.MOUNT) {
                    mounts.add(received.get().message().fields());
                    received = connection.receive();
                }
            }
        }
        return mounts;
    }

    /**
     * Takes a mount away and waits until what was written to it is committed.
     *
     * @param lazily though programs use it
     */
    public void unmount(final Path wanted, final boolean lazily) throws IOException {
        final Path directory = Mounting.mountedOn(wanted);
        Mounting.unmount(directory, lazily);
        final Optional<Connection> holder = lazily ? Optional.empty() : door.find();
        if (holder.isPresent()) {
            try (Connection connection = holder.get()) {
                connection.send(Message.of(Verb.AWAIT_END).with(MountDescription.DIRECTORY, directory.toString()));
                final Optional<Connection.Received> answer = connection.receive();
                if (answer.isPresent() && answer.get().message().verb() == Verb.FAILED) {
                    throw new MountFailure(answer.get().message());
                }
            }
        }
    }

    /** The same for one who cannot wait: lazily, where programs use it. Where it is gone already nothing is left to do. */
    public void unmountAnyhow(final Path directory) throws IOException {
        try {
            unmount(directory, false);
        } catch (final MountException obstacle) {
            switch (obstacle.reason()) {
                case NOT_MOUNTED -> {}
                case IN_USE -> unmount(directory, true);
                default -> throw obstacle;
            }
        }
    }

    /**
     * Goes on with a new worker; programs see a pause.
     *
     * @return whether there was anything to be served
     */
    public boolean upgrade() throws IOException {
        final Optional<Connection> holder = door.find();
        if (holder.isEmpty()) {
            return false;
        }
        try (Connection connection = holder.get()) {
            connection.send(Message.of(Verb.UPGRADE).with(Field.COMMAND, String.join("\n", door.workerCommand())));
            expect(connection, Verb.DONE);
        }
        return true;
    }
}
