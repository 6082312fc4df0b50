package io.tarn.bench.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the process that listens on a TCP port of this machine (proc_net_tcp: state 0A, inode in the tenth column). */
public final class ListeningPort {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningPort() {}

    /**
     * The listener's process id: the smallest one when a socket is shared by several processes, which is the parent's.
     *
     * @return empty when nothing listens there or its owner may not be looked at
     */
    public static Optional<Integer> owner(final int port) throws IOException {
        final Set<String> sockets = new HashSet<>();
        for (final String table : new String[] {"net/tcp", "net/tcp6"}) {
            final Path file = PROC.resolve(table);
            if (Files.exists(file)) {
                sockets.addAll(inodes(Files.readAllLines(file), port));
            }
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        Optional<Integer> owner = Optional.empty();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (final Path process : processes) {
                final int pid = Integer.parseInt(process.getFileName().toString());
                if ((owner.isEmpty() || pid < owner.get()) && holds(process.resolve("fd"), sockets)) {
                    owner = Optional.of(pid);
                }
            }
        }
        return owner;
    }

    /** Links as in /proc/PID/fd of the sockets that listen on a port. */
    static Set<String> inodes(final List<String> table, final int port) {
        final String suffix = String.format(":%04X", port);
        final Set<String> found = new HashSet<>();
        for (final String line : table) {
            final String[] columns = line.strip().split("\\s+", INODE + 2);
            if (columns.length > INODE && columns[STATE].equals(LISTEN) && columns[LOCAL_ADDRESS].endsWith(suffix)) {
                found.add("socket:[" + columns[INODE] + "]");
            }
        }
        return found;
    }

    private static boolean holds(final Path descriptors, final Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (final Path link : links) {
                if (sockets.contains(target(link))) {
                    return true;
                }
            }
            return false;
        } catch (final NoSuchFileException | AccessDeniedException e) {
            return false; // the process ended, or is another user's
        } catch (final DirectoryIteratorException e) {
            return false; // ended while its descriptors were being listed
        }
    }

    private static String target(final Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (final NoSuchFileException e) {
            return ""; // closed since it was listed
        }
    }
}
