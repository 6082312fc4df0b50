package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Picks the Raft port of a node that was not given one, and keeps it in a file so that it is the same after a restart. */
final class RaftPort {
    private static final String FILE = "raft-port";

    private RaftPort() {}

    static int choose(final Path directory, final String host, final int configured) {
        if (configured != 0) {
            return configured;
        }
        final Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            if (Files.exists(file)) {
                final int kept = Integer.parseInt(Files.readString(file).strip());
                if (free(host, kept) == kept) {
                    return kept;
                }
            }
            final int picked = free(host, 0);
            Files.writeString(file, picked + System.lineSeparator());
            return picked;
        } catch (final IOException | NumberFormatException e) {
            throw new StorageException(Failure.IO_ERROR, "no Raft port for " + host + " by " + file, e);
        }
    }

    /** {@code wanted} if it can be bound, some other port if not. */
    private static int free(final String host, final int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), wanted));
            return socket.getLocalPort();
        } catch (final java.net.BindException e) {
            if (wanted == 0) {
                throw e;
            }
            return free(host, 0);
        }
    }
}
