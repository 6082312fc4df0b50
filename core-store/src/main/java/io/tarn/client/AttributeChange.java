package io.tarn.client;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A change of attributes, all in one commit; what is empty stays.
 *
 * @param mode permission, set-id and sticky bits
 * @param uid owner
 * @param gid group
 * @param size truncates or extends a file
 * @param accessed time of last access
 * @param modified time of last modification
 */
public record AttributeChange(
        OptionalInt mode,
        OptionalInt uid,
        OptionalInt gid,
        OptionalLong size,
        Optional<NewTime> accessed,
        Optional<NewTime> modified) {
    public static final AttributeChange NONE = new AttributeChange(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());

    /** A time that is set. */
    public sealed interface NewTime {}

    /** The time of the commit, stamped there. */
    public record Now() implements NewTime {}

    /** Nanoseconds since the epoch. */
    public record At(long nanos) implements NewTime {}

    public AttributeChange {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(uid);
        Objects.requireNonNull(gid);
        Objects.requireNonNull(size);
        Objects.requireNonNull(accessed);
        Objects.requireNonNull(modified);
    }

    public AttributeChange withMode(final int newMode) {
        return new AttributeChange(OptionalInt.of(newMode), uid, gid, size, accessed, modified);
    }

    public AttributeChange withOwner(final OptionalInt newUid, final OptionalInt newGid) {
        return new AttributeChange(mode, newUid, newGid, size, accessed, modified);
    }

    public AttributeChange withSize(final long newSize) {
        return new AttributeChange(mode, uid, gid, OptionalLong.of(newSize), accessed, modified);
    }

    public AttributeChange withTimes(final Optional<NewTime> newAccessed, final Optional<NewTime> newModified) {
        return new AttributeChange(mode, uid, gid, size, newAccessed, newModified);
    }

    /** Both changes in one: what the later one sets holds. */
    public AttributeChange then(final AttributeChange later) {
        return new AttributeChange(
                later.mode.isPresent() ? later.mode : mode,
                later.uid.isPresent() ? later.uid : uid,
                later.gid.isPresent() ? later.gid : gid,
                later.size.isPresent() ? later.size : size,
                later.accessed.or(() -> accessed),
                later.modified.or(() -> modified));
    }
}
