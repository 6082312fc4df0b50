package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Mounts and unmounts by the calls that root (CAP_SYS_ADMIN) may make: mount(2), umount2(2). */
public final class MountTable {
    /** Mount flags of mount(2). */
    public static final long READ_ONLY = 1;

    public static final long NO_SETUID = 2;
    public static final long NO_DEVICES = 4;
    public static final long NO_EXECUTION = 8;
    public static final long SYNCHRONOUS = 16;
    public static final long NO_ACCESS_TIMES = 1024;

    private static final int MNT_DETACH = 2;

    private static final MethodHandle MOUNT = Binding.function(
            "mount",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle UMOUNT = Binding.function(
            "umount2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private MountTable() {}

    /** Mounts {@code source} of {@code type} over a directory, with options of that type. */
    public static void mount(
            final String source, final String directory, final String type, final long flags, final String options)
            throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final int result = (int) MOUNT.invokeExact(
                    state.segment(),
                    arena.allocateFrom(source).address(),
                    arena.allocateFrom(directory).address(),
                    arena.allocateFrom(type).address(),
                    flags,
                    arena.allocateFrom(options).address());
            LinuxException.check("mount " + directory, result < 0 ? -state.errno() : result);
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("mount", thrown);
        }
    }

    /** Takes a mount away; {@code lazily}: from the names at once, whole when nobody uses it any more. */
    public static void unmount(final String directory, final boolean lazily) throws LinuxException {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final int result = (int) UMOUNT.invokeExact(
                    state.segment(), arena.allocateFrom(directory).address(), lazily ? MNT_DETACH : 0);
            LinuxException.check("umount " + directory, result < 0 ? -state.errno() : result);
        } catch (final LinuxException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("umount2", thrown);
        }
    }
}
