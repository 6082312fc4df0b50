package io.tarn.posix.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a short program that may inherit a descriptor under its number, which {@link ProcessBuilder} does not allow, and waits for its end.
 */
public final class ChildProcess {
    /** So much of what it complains of is kept, in bytes. */
    private static final int COMPLAINT_BYTES = 4096;

    /** posix_spawn_file_actions_t of glibc has 80 bytes, of musl as many. */
    private static final long FILE_ACTIONS_BYTES = 128;

    private static final int STDERR = 2;
    private static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle ACTIONS_INIT = Binding.plain(
            "posix_spawn_file_actions_init", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle ACTIONS_DUP2 = Binding.plain(
            "posix_spawn_file_actions_adddup2",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle ACTIONS_DESTROY = Binding.plain(
            "posix_spawn_file_actions_destroy", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle SPAWN = Binding.plain(
            "posix_spawnp",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle WAITPID = Binding.function(
            "waitpid",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle PIPE = Binding.function(
            "pipe2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private ChildProcess() {}

    /**
     * How it ended.
     *
     * @param status as waitpid(2) gives it; 0 when all was well
     * @param complaint what it wrote to its standard error
     */
    public record Ended(int status, String complaint) {}

    /** Runs {@code command}, searched in the path, with {@code inherited}, if any, open in it and {@code variables} beside the environment. */
    public static Ended run(
            final List<String> command, final Optional<Descriptor> inherited, final Map<String, String> variables)
            throws LinuxException {
        try (var arena = Arena.ofConfined()) {
            final MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            final var state = new CallState();
            final int made = (int) PIPE.invokeExact(state.segment(), ends.address(), O_CLOEXEC);
            LinuxException.check("pipe2", made < 0 ? -state.errno() : made);
            try (var reader = new Descriptor(ends.getAtIndex(ValueLayout.JAVA_INT, 0))) {
                final int pid;
                try (var writer = new Descriptor(ends.getAtIndex(ValueLayout.JAVA_INT, 1))) {
                    pid = spawn(arena, command, inherited, writer, variables);
                }
                final String complaint = readAll(arena, reader);
                return new Ended(await(arena, pid), complaint);
            }
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("posix_spawnp", thrown);
        }
    }

    /** A descriptor that is duplicated onto its own number loses its close-on-exec mark in the child (posix_spawn(3), glibc 2.29). */
    private static int spawn(
            final Arena arena,
            final List<String> command,
            final Optional<Descriptor> inherited,
            final Descriptor complaints,
            final Map<String, String> variables)
            throws Throwable {
        final MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, Long.BYTES);
        check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions.address()));
        try {
            if (inherited.isPresent()) {
                final int number = inherited.get().number();
                check("posix_spawn_file_actions_adddup2", (int)
                        ACTIONS_DUP2.invokeExact(actions.address(), number, number));
            }
            check("posix_spawn_file_actions_adddup2", (int)
                    ACTIONS_DUP2.invokeExact(actions.address(), complaints.number(), STDERR));
            final var environment = new HashMap<>(System.getenv());
            environment.putAll(variables);
            final var settings = new ArrayList<String>();
            environment.forEach((name, value) -> settings.add(name + "=" + value));
            final MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            check(command.getFirst(), (int) SPAWN.invokeExact(
                    pid.address(),
                    arena.allocateFrom(command.getFirst()).address(),
                    actions.address(),
                    0L,
                    strings(arena, command).address(),
                    strings(arena, settings).address()));
            return pid.get(ValueLayout.JAVA_INT, 0);
        } finally {
            check("posix_spawn_file_actions_destroy", (int) ACTIONS_DESTROY.invokeExact(actions.address()));
        }
    }

    /** These functions return the error number themselves. */
    private static void check(final String what, final int error) throws LinuxException {
        if (error != 0) {
            throw new LinuxException(what, error);
        }
    }

    private static MemorySegment strings(final Arena arena, final List<String> strings) {
        final MemorySegment pointers = arena.allocate(ValueLayout.JAVA_LONG, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            pointers.setAtIndex(
                    ValueLayout.JAVA_LONG, i, arena.allocateFrom(strings.get(i)).address());
        }
        return pointers;
    }

    private static String readAll(final Arena arena, final Descriptor pipe) {
        final MemorySegment chunk = arena.allocate(COMPLAINT_BYTES);
        final var state = new CallState();
        final var kept = new ByteArrayOutputStream();
        while (true) {
            final long count = pipe.read(state, chunk.address(), chunk.byteSize());
            if (count == 0 || (count < 0 && count != -LinuxException.EINTR)) {
                return kept.toString(StandardCharsets.UTF_8).strip();
            }
            if (count > 0 && kept.size() < COMPLAINT_BYTES) {
                kept.writeBytes(chunk.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private static int await(final Arena arena, final int pid) throws Throwable {
        final MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
        final var state = new CallState();
        while (true) {
            final int result = (int) WAITPID.invokeExact(state.segment(), pid, status.address(), 0);
            if (result == pid) {
                return status.get(ValueLayout.JAVA_INT, 0);
            }
            if (state.errno() != LinuxException.EINTR) {
                throw new LinuxException("waitpid", state.errno());
            }
        }
    }
}
