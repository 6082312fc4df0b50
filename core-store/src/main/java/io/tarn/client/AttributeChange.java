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
 * @param changed time of last change, in nanoseconds since the epoch, that a writer has shown before the commit: it is kept as far as it lies
 *     between the one before and the time of the commit, which else is the time of change
 */
public record AttributeChange(
        OptionalInt mode,
        OptionalInt uid,
        OptionalInt gid,
        OptionalLong size,
        Optional<NewTime> accessed,
        Optional<NewTime> modified,
        OptionalLong changed) {
    public static final AttributeChange NONE = new AttributeChange(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());

    /** A change that happens when it is committed. */
    public AttributeChange(
            final OptionalInt mode,
            final OptionalInt uid,
            final OptionalInt gid,
            final OptionalLong size,
            final Optional<NewTime> accessed,
            final Optional<NewTime> modified) {
        this(mode, uid, gid, size, accessed, modified, OptionalLong.empty());
    }

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
        Objects.requireNonNull(changed);
    }

    public AttributeChange withMode(final int newMode) {
        return new AttributeChange(OptionalInt.of(newMode), uid, gid, size, accessed, modified, changed);
    }

    public AttributeChange withOwner(final OptionalInt newUid, final OptionalInt newGid) {
        return new AttributeChange(mode, newUid, newGid, size, accessed, modified, changed);
    }

    public AttributeChange withSize(final long newSize) {
        return new AttributeChange(mode, uid, gid, OptionalLong.of(newSize), accessed, modified, changed);
    }

    public AttributeChange withTimes(final Optional<NewTime> newAccessed, final Optional<NewTime> newModified) {
        return new AttributeChange(mode, uid, gid, size, newAccessed, newModified, changed);
    }

    public AttributeChange withChanged(final OptionalLong newChanged) {
        return new AttributeChange(mode, uid, gid, size, accessed, modified, newChanged);
    }

    /** Both changes in one: what the later one sets holds, and no time of change that was before it. */
    public AttributeChange then(final AttributeChange later) {
        return new AttributeChange(
                later.mode.isPresent() ? later.mode : mode,
                later.uid.isPresent() ? later.uid : uid,
                later.gid.isPresent() ? later.gid : gid,
                later.size.isPresent() ? later.size : size,
                later.accessed.or(() -> accessed),
                later.modified.or(() -> modified),
                later.changed);
    }
}
