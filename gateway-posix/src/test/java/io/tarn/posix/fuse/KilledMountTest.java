package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.SharedMemory;
import io.tarn.posix.linux.UnixSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mount whose process is killed with -9 while programs work on it, also while it begins, or replaced on purpose: they notice nothing. This test is the
 * holder. {@code -Dtarn.kills=N} for more, {@code -Dtarn.seed=N} for the same programs.
 */
@Timeout(560)
final class KilledMountTest {
    private static final int KILLS = Integer.getInteger("tarn.kills", 6);
    private static final int PROGRAMS = 3;
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path data;

    private TestCluster cluster;
    private Path directory;
    private Descriptor device;
    private Descriptor journal;
    private UnixSocket listening;
    private final List<Process> started = new ArrayList<>();
    private volatile String token = "";
    private volatile String parameters = "";

    @BeforeEach
    void mount() throws IOException {
        cluster = new TestCluster(data.resolve("node"));
        cluster.volume("killed");
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "killed-mount-");
        device = Mounting.mount(MountWish.of(directory, "killed").forOthersToo().withPrivileges());
        journal = SharedMemory.create("journal", MountWorker.JOURNAL_BYTES);
        listening = UnixSocket.listen(data.resolve("holder").toString());
    }

    @AfterEach
    void unmount() throws Exception {
        try {
            started.forEach(Process::destroyForcibly);
            for (final Process process : started) {
                process.waitFor();
            }
        } finally {
            Mounting.unmount(directory, true);
            device.close();
            journal.close();
            listening.close();
            Files.delete(directory);
        }
        assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
        cluster.close();
    }

    /** A worker, as far as its holder sees it. */
    private final class Worker {
        private final Process process;
        private final UnixSocket socket;
        private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
        private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

        Worker() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx192m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MountWorker.class.getName(),
                            data.resolve("holder").toString(),
                            cluster.endpoint(),
                            "killed")
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolve("worker" + started.size()).toFile())
                    .start();
            started.add(process);
            socket = listening.accept();
            socket.send((token + "\n" + parameters).getBytes(StandardCharsets.UTF_8), List.of(device, journal));
            Thread.ofVirtual().start(this::listen);
        }

        private void listen() {
            try {
                for (Optional<UnixSocket.Message> told = socket.receive(); told.isPresent(); told = socket.receive()) {
                    final String text = new String(told.get().bytes(), StandardCharsets.UTF_8);
                    if (text.startsWith(MountWorker.TOKEN)) {
                        token = text.substring(MountWorker.TOKEN.length());
                    } else if (text.startsWith(MountWorker.PARAMETERS)) {
                        parameters = text.substring(MountWorker.PARAMETERS.length());
                    } else {
                        ready.complete(true);
                    }
                }
                gone.complete(true);
            } catch (final IOException failed) {
                gone.completeExceptionally(failed);
            }
        }

        void awaitReady() throws Exception {
            try {
                ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (final java.util.concurrent.TimeoutException late) {
                throw new AssertionError(
                        "not ready: " + Files.readString(data.resolve("worker" + (started.size() - 1))), late);
            }
        }

        /** All that it has told is known afterwards. */
        void kill() throws Exception {
            process.destroyForcibly().waitFor();
            gone.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.close();
        }

        void leave() throws Exception {
            socket.send(MountWorker.LEAVE.getBytes(StandardCharsets.UTF_8), List.of());
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            gone.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.close();
        }
    }

    private Process program(final long seed, final Path stop) throws IOException {
        final Process program = new ProcessBuilder(
                        "python3",
                        Path.of("src/test/resources/random-program.py")
                                .toAbsolutePath()
                                .toString(),
                        Long.toString(seed),
                        stop.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("program" + seed).toFile())
                .start();
        started.add(program);
        return program;
    }

    @Test
    void programsWorkOnThroughKillsAndReplacements() throws Exception {
        final long seed = Long.getLong("tarn.seed", System.nanoTime() % 1_000_000);
        final Random random = new Random(seed);
        final Path stop = data.resolve("stop");
        Worker worker = new Worker();
        worker.awaitReady();
        final List<Process> programs = new ArrayList<>();
        for (int program = 0; program < PROGRAMS; program++) {
            programs.add(program(seed + program, stop));
        }
        for (int round = 0; round < KILLS; round++) {
            worker.awaitReady();
            final long workNanos = TimeUnit.MILLISECONDS.toNanos(random.nextInt(4_000));
            // the programs work meanwhile, and are to be met in the middle of something
            assertThat(programs.getFirst().waitFor(workNanos, TimeUnit.NANOSECONDS))
                    .isFalse();
            if (round % 3 == 2) {
                worker.leave();
                worker = new Worker();
            } else {
                worker.kill();
                worker = new Worker();
                // once more, while it begins
                if (!worker.process.waitFor(random.nextInt(3_000), TimeUnit.MILLISECONDS)) {
                    worker.kill();
                    worker = new Worker();
                }
            }
        }
        worker.awaitReady();
        Files.createFile(stop);
        for (int program = 0; program < PROGRAMS; program++) {
            final Process ended = programs.get(program);
            assertThat(ended.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(data.resolve("program" + (seed + program))))
                    .as("seed %d", seed + program)
                    .contains("good after");
        }
        worker.leave();
    }
}
