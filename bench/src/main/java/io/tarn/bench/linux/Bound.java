package io.tarn.bench.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Binds C functions; addresses are passed as {@code long}. */
@SuppressWarnings("restricted")
final class Bound {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    private Bound() {}

    /** A function of the C library that sets {@code errno}; its handle takes where to leave that first. */
    static MethodHandle call(final String name, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    /** The same of a variadic function of which {@code named} parameters have names. */
    static MethodHandle variadic(final String name, final int named, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO, Linker.Option.firstVariadicArg(named));
    }

    /** A function that does not set {@code errno}, of any library. */
    static MethodHandle plain(final SymbolLookup library, final String name, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(library.findOrThrow(name), descriptor);
    }

    static SymbolLookup cLibrary() {
        return LINKER.defaultLookup();
    }

    static long errnoOffset() {
        return Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    }

    static long stateSize() {
        return Linker.Option.captureStateLayout().byteSize();
    }

    /** What a handle throws that is bound right: nothing, so it is a defect. */
    static AssertionError unexpected(final String call, final Throwable thrown) {
        return new AssertionError("the binding of " + call + " is wrong", thrown);
    }
}
