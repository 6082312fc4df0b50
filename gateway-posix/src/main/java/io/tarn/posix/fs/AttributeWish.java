package io.tarn.posix.fs;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Attributes to be set together (chmod, chown, truncate, utimensat); what is empty stays.
 *
 * @param mode permission bits
 * @param uid owner
 * @param gid group
 * @param size in bytes
 * @param accessed time of last access
 * @param modified time of last modification
 * @param dropPrivileges whether set-id bits fall, as the kernel asks when a file is written or given away
 * @param handle open file through which it is asked for, if any
 */
public record AttributeWish(
        OptionalInt mode,
        OptionalInt uid,
        OptionalInt gid,
        OptionalLong size,
        Time accessed,
        Time modified,
        boolean dropPrivileges,
        OptionalLong handle) {

    /** A time of utimensat(2). */
    public sealed interface Time {}

    /** {@code UTIME_OMIT}. */
    public record Omit() implements Time {}

    /** {@code UTIME_NOW}. */
    public record Now() implements Time {}

    /** Nanoseconds since the epoch. */
    public record At(long nanos) implements Time {}
}
