package io.tarn.server.mount;

import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.UnixSocket;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.StateFolder;
import io.tarn.server.mount.holder.MountHolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a command gets to the holder of this user's mounts: the one that is there, or one that it starts. Of two commands that come at once one
 * starts it, under a lock.
 */
public final class HolderDoor {
    /** Set by the launcher: the command that starts a holder, an argument a line. */
    static final String HOLDER_VARIABLE = "TARN_MOUNT_HOLDER";

    /** Set by the launcher: the command that starts a worker, an argument a line. */
    static final String WORKER_VARIABLE = "TARN_MOUNT_WORKER";

    /** Of what is in the environment this goes on to processes that live longer than the command; no secrets. */
    private static final List<String> HANDED_ON = List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR");

    private final StateFolder folder;
    private final Map<String, String> environment;

    public HolderDoor(final Map<String, String> environment) throws IOException {
        this.folder = StateFolder.of(environment);
        this.environment = environment;
    }

    /** To the holder that is there, if any. */
    public Optional<Connection> find() throws IOException {
        try {
            return Optional.of(new Connection(UnixSocket.connect(folder.socket())));
        } catch (final LinuxException nobody) {
            if (nobody.errno() == LinuxException.ENOENT || nobody.errno() == LinuxException.ECONNREFUSED) {
                return Optional.empty();
            }
            throw nobody;
        }
    }

    /** To the holder, which is started if there is none. */
    public Connection open() throws IOException {
        final Optional<Connection> there = find();
        if (there.isPresent()) {
            return there.get();
        }
        try (FileChannel channel =
                        FileChannel.open(folder.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            final Optional<Connection> meanwhile = find();
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Files.deleteIfExists(Path.of(folder.socket()));
            start(lock);
            return find().orElseThrow(() -> new IOException("the holder of mounts ended at once; see " + folder.log()));
        }
    }

    /** @param held by this process until the holder listens */
    private void start(final FileLock held) throws IOException {
        if (!held.isValid()) {
            throw new IOException("the lock of " + folder.path() + " was lost");
        }
        final List<String> command = new ArrayList<>(lines(HOLDER_VARIABLE));
        command.add(folder.path().toString());
        command.addAll(workerCommand());
        final ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectError(folder.holderErrors().toFile());
        builder.environment().keySet().retainAll(HANDED_ON);
        final Process process = builder.start();
        try (BufferedReader words = process.inputReader(StandardCharsets.UTF_8)) {
            final String word = words.readLine();
            if (!MountHolder.READY.equals(word)) {
                throw new IOException("the holder of mounts does not start: " + lastWords());
            }
        }
    }

    private String lastWords() throws IOException {
        final List<String> lines = Files.readAllLines(folder.holderErrors());
        return lines.isEmpty() ? "see " + folder.log() : lines.getLast();
    }

    /** How a worker is started from the files that are there now. */
    public List<String> workerCommand() throws IOException {
        return lines(WORKER_VARIABLE);
    }

    private List<String> lines(final String variable) throws IOException {
        final String text = environment.getOrDefault(variable, "");
        if (text.isBlank()) {
            throw new IOException("mounts are made by the launcher 'tarn', which sets " + variable);
        }
        return text.lines().toList();
    }
}
