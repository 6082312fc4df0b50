package io.tarn.bench.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The path of a numbered file in a directory, as a C string that is written anew in place: allocates once. Not thread-safe. */
public final class NumberedPath {
    private static final int DIGITS = 8;
    private static final int BASE = 10;

    private final MemorySegment text;
    private final long end;

    /** Paths in a directory. */
    public NumberedPath(final Path directory) {
        text = Arena.ofAuto().allocateFrom(directory + "/f" + "0".repeat(DIGITS));
        end = text.byteSize() - 1;
    }

    /** Address of the path of file {@code number}; good until the next call. */
    public long of(final long number) {
        long rest = number;
        for (int digit = 1; digit <= DIGITS; digit++) {
            text.set(ValueLayout.JAVA_BYTE, end - digit, (byte) ('0' + rest % BASE));
            rest /= BASE;
        }
        return text.address();
    }
}
