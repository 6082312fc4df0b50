package io.tarn.server.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@code tarn server} as a process of its own, on free ports unless told otherwise. */
final class ServerProcess implements AutoCloseable {
    static final String ACCESS_KEY = "PROCESSKEY0000000000";
    static final String SECRET_KEY = "process-secret-process-secret";

    /** The very first start rehearses for its AOT cache, and the machine may have more to do. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);

    private static final Duration END_PATIENCE = Duration.ofSeconds(30);
    private static final int LINES_KEPT = 200;

    private final Process process;
    private final Path data;
    private final Deque<String> lines = new ArrayDeque<>();
    private final CompletableFuture<Addresses> addresses = new CompletableFuture<>();
    private final Thread reading;

    /** Where the server says it listens. */
    record Addresses(URI s3, URI admin) {}

    private ServerProcess(final Process process, final Path data) {
        this.process = process;
        this.data = data;
        this.reading = Thread.ofVirtual().start(this::read);
    }

    /** Starts one and returns when it says that it is ready. */
    static ServerProcess start(final Path data, final String... options) {
        final ServerProcess server = launch(data, options);
        server.addresses();
        return server;
    }

    /** Starts one and does not wait. */
    static ServerProcess launch(final Path data, final String... options) {
        final List<String> command =
                new ArrayList<>(List.of(Distribution.launcher().toString(), "server", "--data", data.toString()));
        if (options.length == 0) {
            command.addAll(List.of("--set", "s3.port=0", "--set", "admin.port=0", "--set", "rpc.port=0"));
        }
        command.addAll(List.of(options));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("TARN_ROOT_ACCESS_KEY", ACCESS_KEY, "TARN_ROOT_SECRET_KEY", SECRET_KEY));
        try {
            return new ServerProcess(builder.start(), data);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        URI s3 = null;
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                final String[] words = line.strip().split(" +", 2);
                if (words[0].equals("S3")) {
                    s3 = URI.create(words[1]);
                } else if (words[0].equals("Admin") && s3 != null) {
                    addresses.complete(new Addresses(s3, URI.create(words[1])));
                }
            }
        } catch (final IOException e) {
            keep("(its output broke off: " + e + ")");
        }
        addresses.completeExceptionally(new IllegalStateException("it ended without becoming ready"));
    }

    private void keep(final String line) {
        synchronized (lines) {
            if (lines.size() == LINES_KEPT) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    /** The last lines it wrote. */
    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    Addresses addresses() {
        try {
            return addresses.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final ExecutionException | TimeoutException e) {
            kill();
            throw new AssertionError("the server did not start; it said\n" + output(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    URI s3() {
        return addresses().s3();
    }

    URI admin() {
        return addresses().admin();
    }

    /** The command line, told of this server by its client file. */
    Program.Result tarn(final String... arguments) {
        final List<Object> all = new ArrayList<>(List.of((Object[]) arguments));
        all.addAll(List.of("--data", data));
        return new Program(Distribution.launcher(), Map.of()).run(all.toArray());
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        // the handle's: the process's own would close the pipe that its last words are in
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, without waiting. */
    void terminate() {
        process.toHandle().destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end and for the last of its output; the exit code. */
    int awaitEnd() {
        try {
            if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || !reading.join(END_PATIENCE)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not end within " + END_PATIENCE + "; it said\n" + output());
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
