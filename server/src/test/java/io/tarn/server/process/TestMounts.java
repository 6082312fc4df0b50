package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mounts of a test, made by the {@code tarn} command, with a state folder of their own; all gone when this is closed, whatever happened. Nothing in
 * the test's own process touches a mount: what could hang is a program with a limit of time.
 */
final class TestMounts implements AutoCloseable {
    private static final Duration CACHES_PATIENCE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PROGRAM_SECONDS = 100;
    private static final Path MOUNT_TABLE = Path.of("/proc/self/mounts");

    private final Path directory;
    private final Path state;
    private final Path data;
    private final List<Path> mounted = new ArrayList<>();

    /** @param directory for mounts and their state */
    TestMounts(final Path directory, final Path serverData) {
        this.directory = directory;
        this.state = directory.resolve("state");
        this.data = serverData;
    }

    /** The launcher prepares a faster start at its first mount, which takes a while. */
    static void prepareCaches(final Path directory) throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(
                        Distribution.launcher().toString(), "mount", "--list")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("caches.log").toFile());
        builder.environment().put("TARN_MOUNT_STATE", directory.resolve("none").toString());
        final Process process = builder.start();
        assertThat(process.waitFor(CACHES_PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("caches.log")))
                .isZero();
    }

    Map<String, String> environment() {
        return Map.of("TARN_MOUNT_STATE", state.toString());
    }

    Program launcher() {
        return new Program(Distribution.launcher(), environment());
    }

    /** A directory to mount on, which is taken care of at the end. */
    Path place(final String name) {
        final Path place = directory.resolve(name);
        try {
            Files.createDirectories(place);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        mounted.add(place);
        return place;
    }

    Program.Result tryMount(final Object... arguments) {
        final List<Object> all = new ArrayList<>(List.of("mount"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", data));
        return launcher().run(all.toArray());
    }

    /** Mounts on a new directory. */
    Path mount(final String target, final Object... options) {
        final Path place = place(target.replace('/', '-') + "-" + mounted.size());
        final List<Object> all = new ArrayList<>(List.of(target, place));
        all.addAll(List.of(options));
        tryMount(all.toArray()).expect(0);
        assertThat(isMounted(place)).isTrue();
        return place;
    }

    void unmount(final Path place) {
        launcher().succeed("umount", place);
        assertThat(isMounted(place)).isFalse();
    }

    /** What {@code tarn mount --list} says. */
    JsonNode list() {
        return JsonMapper.shared().readTree(launcher().succeed("mount", "--list", "--json"));
    }

    long worker() {
        return list().path(0).path("worker").asLong(0);
    }

    long holder() {
        return list().path(0).path("holder").asLong(0);
    }

    /** As if somebody had cleaned up too well: nobody finds the processes any more. */
    void removeState() {
        try (Stream<Path> files = Files.walk(state)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel's word, without asking the mount. */
    static boolean isMounted(final Path place) {
        try (Stream<String> lines = Files.lines(MOUNT_TABLE)) {
            return lines.anyMatch(line -> line.split(" ")[1].equals(place.toString()));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a shell's script in a directory, perhaps a mount, and gives its output. */
    static String shell(final Path place, final String script) {
        return tryShell(place, script).expect(0).out();
    }

    static Program.Result tryShell(final Path place, final String script) {
        return new Program(Path.of("/usr/bin/timeout"), Map.of())
                .run("-s", "KILL", PROGRAM_SECONDS, "bash", "-ec", "cd \"$1\"; " + script, "shell", place);
    }

    /** Looks again until it holds, or fails. */
    static void await(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    static void awaitGone(final long process) {
        await(
                "the end of process " + process,
                () -> ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
    }

    String log() {
        try {
            final Path log = state.resolve("mount.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes of these mounts, found by their arguments, which are too long for {@link ProcessHandle.Info}. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    private boolean isOurs(final ProcessHandle process) {
        try {
            final String line = Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
            return line.contains("\0" + state + "\0") && line.contains("io.tarn.server.mount.");
        } catch (final IOException gone) {
            // there is nothing to be read of a process that ended meanwhile
            return false;
        }
    }

    @Override
    public void close() {
        for (final Path place : mounted) {
            if (isMounted(place)) {
                new Program(Path.of("/bin/umount"), Map.of()).run("-l", place);
            }
        }
        processes().forEach(ProcessHandle::destroyForcibly);
        await("the end of all processes", () -> processes().isEmpty());
    }

    /** A program with this variable beside those of the mounts. */
    Program with(final Path file, final Map<String, String> more) {
        final Map<String, String> all = new HashMap<>(environment());
        all.putAll(more);
        return new Program(file, all);
    }

    /** A field of the one mount that is listed. */
    Optional<String> only(final String field) {
        final JsonNode all = list();
        return all.size() == 1 ? Optional.of(all.path(0).path(field).asString()) : Optional.empty();
    }
}
