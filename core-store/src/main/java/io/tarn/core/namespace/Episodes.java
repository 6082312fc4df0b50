package io.tarn.core.namespace;

import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VolumeRecord;

/**
 * Versions of files that are written in place. An <em>episode</em> lasts from the first writer of a file to the last; the first commit
 * in it that changes the bytes makes a version, and later ones go on changing that. What was before is kept as an old version: an inode
 * of its own that shares the slices. The file keeps its inode, so whoever has it open goes on with the new version. A change by somebody
 * who does not have it open, while nobody writes, is an episode of its own.
 *
 * <p>Cost on volumes without versions: none. Else, once an episode, an inode and a reference for each slice.
 */
final class Episodes {
    private final Transaction transaction;
    private final Contents contents;
    private final ObjectCommands objects;

    Episodes(final Transaction transaction, final Contents contents, final ObjectCommands objects) {
        this.transaction = transaction;
        this.contents = contents;
        this.objects = objects;
    }

    /**
     * What is to be changed.
     *
     * @param inode the file, a new version if need be
     * @param keptBytes what is used more for what was kept
     * @param keptInodes likewise
     */
    record Begun(Inode inode, long keptBytes, int keptInodes) {}

    /** Before the bytes of a file change: keeps what it holds if that has to be. The file itself is not stored here. */
    Begun begin(final long id, final Inode before, final VolumeRecord volume) {
        final Versioning versioning = VersioningCodes.of(volume.getVersioning());
        if (versioning == Versioning.OFF || before.getEpisode() || !isAtHome(id, before)) {
            return new Begun(before, 0, 0);
        }
        final boolean nullVersion = versioning == Versioning.SUSPENDED;
        final Inode.Builder next = before.toBuilder().setEpisode(before.getWriters() > 0);
        if (nullVersion && before.getNullVersion()) {
            // The null version is overwritten.
            return new Begun(next.build(), 0, 0);
        }
        final byte[] name = before.getHomeName().toByteArray();
        final long kept = transaction.nextInode();
        final Inode old = contents.share(
                        id,
                        before,
                        kept,
                        before.toBuilder()
                                .clearOpens()
                                .clearWriters()
                                .clearEpisode()
                                .setGeneration(transaction.nextGeneration()))
                .build();
        transaction.putInode(kept, old);
        objects.archive(before.getHome(), name, kept, old);
        next.setNullVersion(nullVersion).setVersionOrder(transaction.nextGeneration());
        if (nullVersion) {
            objects.dropNullVersion(before.getHome(), name);
        }
        return new Begun(next.build(), old.getSize(), 1);
    }

    /** Whether the file is the current version of the name that it knows. */
    private boolean isAtHome(final long id, final Inode inode) {
        return inode.getHome() != 0
                && inode.getArchived() == 0
                && Records.file(
                                transaction.store,
                                inode.getHome(),
                                inode.getHomeName().toByteArray())
                        .map(Dentry::getInode)
                        .filter(found -> found == id)
                        .isPresent();
    }
}
