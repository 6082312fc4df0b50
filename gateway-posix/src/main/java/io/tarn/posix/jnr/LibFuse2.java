package io.tarn.posix.jnr;

import io.tarn.posix.fuse.MountException;
import java.util.Locale;
import java.util.regex.Pattern;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.types.size_t;

/**
 * Functions of libfuse 2.9 that jnr-fuse does not offer: it knows only {@code fuse_main}, which tells nobody why it failed, serves on threads of the C
 * library (each of their first thousand calls attaches to the JVM and leaves it again), and gives names as text although they are bytes. Names here are
 * those of {@code fuse.h} and {@code fuse_lowlevel.h}, in the way of Java. Public for the library that implements it.
 */
public interface LibFuse2 {
    /** {@code fuse_setup}: parses arguments, mounts, and makes a session; null where one of these failed, after a line on standard error. */
    Pointer setup(
            int argumentCount,
            String[] arguments,
            Pointer operations,
            @size_t long operationsBytes,
            Pointer mountPoint,
            Pointer multithreaded,
            Pointer userData);

    /** {@code fuse_teardown}: closes the connection, takes the mount away if it is still there, and frees what {@code fuse_setup} made. */
    void teardown(Pointer fuse, Pointer mountPoint);

    Pointer getSession(Pointer fuse);

    Pointer sessionNextChan(Pointer session, Pointer before);

    @size_t
    long chanBufsize(Pointer channel);

    /** {@code fuse_session_receive_buf}: waits for a request; its length, 0 at the end of the session, or a negative error number. */
    int sessionReceiveBuf(Pointer session, Pointer buffer, Pointer channel);

    void sessionProcessBuf(Pointer session, Pointer buffer, Pointer channel);

    void sessionExit(Pointer session);

    /** {@code fuse_get_context}: one structure for each thread, filled anew for each request. */
    Pointer getContext();

    /** {@code fuse_interrupted}: whether the request that the calling thread works on is not waited for any more. */
    int interrupted();

    /** Loads the library of this machine. */
    static LibFuse2 load() throws MountException {
        final Pattern humps = Pattern.compile("(?=\\p{Upper})");
        try {
            return LibraryLoader.create(LibFuse2.class)
                    .mapper((name, context) ->
                            "fuse_" + humps.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT))
                    .failImmediately()
                    .load("libfuse.so.2");
        } catch (final UnsatisfiedLinkError missing) {
            throw new MountException(
                    MountException.Reason.NO_FUSE,
                    "libfuse 2 is not installed (package libfuse2, in newer releases libfuse2t64): "
                            + missing.getMessage(),
                    missing);
        }
    }
}
