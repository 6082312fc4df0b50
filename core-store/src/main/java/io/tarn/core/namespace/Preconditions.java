package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PreconditionRecord;
import java.util.List;
import java.util.Optional;

/** Decides conditional writes inside the commit, so that of racing writers exactly one wins. */
final class Preconditions {
    private static final String ANY = "*";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Preconditions() {}

    static void check(final PreconditionRecord wanted, final Optional<Inode> current) {
        if (wanted.getIfMatchCount() > 0) {
            final Inode inode = current.orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "nothing to match"));
            require(names(wanted.getIfMatchList(), inode), "the entity tag is another");
        }
        if (wanted.getIfNoneMatchCount() > 0 && current.isPresent()) {
            require(!names(wanted.getIfNoneMatchList(), current.get()), "the entity tag matches");
        }
        if (wanted.getHasSize() && current.isPresent()) {
            require(current.get().getSize() == wanted.getSize(), "the size is another");
        }
        if (wanted.getHasModified() && current.isPresent()) {
            require(
                    current.get().getMtimeNanos() / NANOS_PER_SECOND == wanted.getModifiedNanos() / NANOS_PER_SECOND,
                    "the modification time is another");
        }
    }

    private static boolean names(final List<String> tags, final Inode inode) {
        return tags.contains(ANY) || tags.contains(EntityTags.of(inode));
    }

    private static void require(final boolean holds, final String message) {
        if (!holds) {
            throw new StorageException(Failure.PRECONDITION_FAILED, message);
        }
    }
}
