package io.tarn.posix.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calling platform thread, so that another can wake it out of a blocking call, which then fails with {@code EINTR}: the thread is sent a
 * signal whose handler does nothing and does not restart calls.
 *
 * <p>A signal that arrives before the call begins is lost, so whoever wakes says first, in a variable the thread looks at, what it wants,
 * and repeats the wake until the thread has seen it.
 *
 * <p>Thread-safe. {@link #leave} is called by the thread itself before it ends: its number may be another thread's afterwards.
 */
public final class WakeableThread {
    /** SIGRTMAX - 5: free of the meanings that the C library and the JDK (SIGRTMAX - 2) give to others. */
    private static final int SIGNAL = 59;

    /** struct sigaction of glibc on 64 bits: handler, mask of 1,024 bits, flags, restorer. */
    private static final long SIGACTION_BYTES = 152;

    private static final MethodHandle SIGACTION = Binding.function(
            "sigaction",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle GETTID = Binding.plain("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    private static final MethodHandle TGKILL = Binding.function(
            "tgkill",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    static {
        install();
    }

    private final int thread;
    private boolean left;

    private WakeableThread(final int thread) {
        this.thread = thread;
    }

    /**
     * Java code may not run in a handler, so it is a function of the C library that takes an int and touches nothing: {@code abs}.
     */
    private static void install() {
        final var state = new CallState();
        try (var arena = Arena.ofConfined()) {
            final MemorySegment action = arena.allocate(SIGACTION_BYTES, Long.BYTES);
            action.set(ValueLayout.JAVA_LONG, 0, Binding.address("abs").address());
            final int result = (int) SIGACTION.invokeExact(state.segment(), SIGNAL, action.address(), 0L);
            if (result != 0) {
                throw new IllegalStateException("sigaction: " + LinuxException.describe(state.errno()));
            }
        } catch (final RuntimeException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Binding.unexpected("sigaction", thrown);
        }
    }

    /** The calling thread, which must be a platform thread. */
    public static WakeableThread current() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no thread of the kernel to itself");
        }
        try {
            return new WakeableThread((int) GETTID.invokeExact());
        } catch (final Throwable thrown) {
            throw Binding.unexpected("gettid", thrown);
        }
    }

    /** Sends the signal, unless the thread has left. */
    public synchronized void wake() {
        if (left) {
            return;
        }
        final var state = new CallState();
        final int result;
        try {
            result = (int) TGKILL.invokeExact(
                    state.segment(), (int) ProcessHandle.current().pid(), thread, SIGNAL);
        } catch (final Throwable thrown) {
            throw Binding.unexpected("tgkill", thrown);
        }
        if (result != 0) {
            throw new IllegalStateException("tgkill: " + LinuxException.describe(state.errno()));
        }
    }

    /** The thread is about to end, and is not to be woken any more. */
    public synchronized void leave() {
        left = true;
    }
}
