package io.tarn.posix.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Binds functions of the C library. Addresses are passed as {@code long}: nothing is checked or pinned on the way, and no segment is made
 * for a call, so what they point to must outlive it.
 */
@SuppressWarnings("restricted")
final class Binding {
    private static final Linker LINKER = Linker.nativeLinker();

    private Binding() {}

    /** A function that sets {@code errno}; its handle takes the address of a {@link CallState} first. */
    static MethodHandle function(final String name, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(address(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Like {@link #function}, of a variadic one of which {@code named} parameters have names. */
    static MethodHandle variadic(final String name, final int named, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                address(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(named));
    }

    /** A function that does not set {@code errno}. */
    static MethodHandle plain(final String name, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(address(name), descriptor);
    }

    static MemorySegment address(final String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    /** What a handle throws that is bound right: nothing, so it is a defect. */
    static AssertionError unexpected(final String call, final Throwable thrown) {
        return new AssertionError("the binding of " + call + " is wrong", thrown);
    }

    static long errnoOffset() {
        return Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    }

    static long stateSize() {
        return Linker.Option.captureStateLayout().byteSize();
    }
}
