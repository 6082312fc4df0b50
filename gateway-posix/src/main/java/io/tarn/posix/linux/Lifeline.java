package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Tells another process that this one was killed, even when it cannot die. A process with a thread that hangs in the kernel (a notice to
 * FUSE waits for a directory's lock whose holder waits for this very process) is not reaped when it is killed, and its descriptors stay
 * open, until somebody serves what is waited for. But all its other threads end at once. So one thread gets a table of descriptors of its
 * own (unshare(2), CLONE_FILES), closes all but one end of a pair of sockets in it, and waits; it alone has that end, which is closed with the
 * thread.
 *
 * <p>Cost: one platform thread.
 */
public final class Lifeline {
    private static final int CLONE_FILES = 0x400;
    private static final MethodHandle UNSHARE =
            Binding.function("unshare", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE_RANGE = Binding.function(
            "close_range",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Lifeline() {}

    /**
     * Begins to hold a line; ends with this process.
     *
     * @return the end to be given to whoever wants to know, who calls {@link #await} on it; to be closed here then
     */
    public static Descriptor hold() throws LinuxException {
        final UnixSocket.Pair pair = UnixSocket.pair();
        final Descriptor near = pair.first().descriptor();
        final Descriptor far = pair.second().descriptor();
        final var begun = new CompletableFuture<Integer>();
        final var memory = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
        Thread.ofPlatform().daemon().name("lifeline").start(() -> hold(near, memory, begun));
        final int error;
        try {
            error = begun.get();
        } catch (final InterruptedException | ExecutionException failed) {
            throw new IllegalStateException("the lifeline was not begun", failed);
        }
        near.close();
        if (error != 0) {
            far.close();
            throw new LinuxException("unshare", error);
        }
        return far;
    }

    /** After the range is closed no class can be loaded on this thread, whose file the table no longer has: all it does was done before. */
    private static void hold(
            final Descriptor near, final MemorySegment memory, final CompletableFuture<Integer> begun) {
        final var state = new CallState();
        try {
            // the nonsense is refused, and the call is bound, linked and loaded
            final int refused = (int) CLOSE_RANGE.invokeExact(state.segment(), 1, 0, 0);
            near.read(state, memory.address(), 0);
            final int error = (int) UNSHARE.invokeExact(state.segment(), CLONE_FILES);
            begun.complete(error < 0 ? state.errno() : 0);
            if (error < 0 || refused == 0) {
                return;
            }
            final int below = (int) CLOSE_RANGE.invokeExact(state.segment(), 0, near.number() - 1, 0);
            final int above = (int) CLOSE_RANGE.invokeExact(state.segment(), near.number() + 1, -1, 0);
            long result = (long) below + above;
            while (result >= 0 || result == -LinuxException.EINTR) {
                result = near.read(state, memory.address(), Long.BYTES);
                if (result == 0) {
                    return;
                }
            }
        } catch (final Throwable thrown) {
            begun.completeExceptionally(thrown);
        }
    }

    /** Waits until the process that holds the other end is gone or about to go. */
    public static void await(final Descriptor far) {
        final var state = new CallState();
        final MemorySegment memory = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
        long result;
        do {
            result = far.read(state, memory.address(), Long.BYTES);
        } while (result > 0 || result == -LinuxException.EINTR);
    }
}
