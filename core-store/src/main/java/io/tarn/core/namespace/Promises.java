package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import java.util.List;

/** What may be promised: commands on names and inodes of one shard, each of which says which inodes it rests on. */
public final class Promises {
    private Promises() {}

    /**
     * The inodes that a promise is about, beside one that it makes.
     *
     * @throws StorageException {@code UNSUPPORTED} for a command that cannot be promised
     */
    public static List<Long> inodes(final Command promise) {
        return switch (promise.getBodyCase()) {
            case MAKE_NODE -> List.of(promise.getMakeNode().getParent());
            case UNLINK_NODE -> List.of(promise.getUnlinkNode().getParent());
            case REMOVE_DIRECTORY -> List.of(promise.getRemoveDirectory().getParent());
            case RENAME_NODE ->
                List.of(
                        promise.getRenameNode().getFromParent(),
                        promise.getRenameNode().getToParent());
            case SET_ATTRIBUTES -> List.of(promise.getSetAttributes().getInode());
            case WRITE_CONTENT -> List.of(promise.getWriteContent().getInode());
            case CLOSE_NODE -> List.of(promise.getCloseNode().getInode());
            default -> throw new StorageException(Failure.UNSUPPORTED, "not a command that can be promised");
        };
    }
}
