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
    private static final int PORT_DIGITS_MAX = 5;
    private static final int PORT_MAX = 0xffff;

    private RaftPort() {}

    static int choose(final Path directory, final String host, final int configured) {
        if (configured != 0) {
            return configured;
        }
        final Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            final int kept = Files.exists(file) ? parse(Files.readString(file)) : 0;
            final int picked = free(host, kept);
            if (picked == kept) {
                return kept;
            }
            Files.writeString(file, picked + System.lineSeparator());
            return picked;
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "no Raft port for " + host + " by " + file, e);
        }
    }

    /** The port, or 0 when a crash left nothing whole of the file: any other one is as good. */
    private static int parse(final String text) {
        final String digits = text.strip();
        return digits.length() <= PORT_DIGITS_MAX
                        && !digits.isEmpty()
                        && digits.chars().allMatch(Character::isDigit)
                        && Integer.parseInt(digits) <= PORT_MAX
                ? Integer.parseInt(digits)
                : 0;
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
