package io.tarn.core.service;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.KeepPromises;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a client's command is about. Commands that keepers and nodes propose among themselves are none that a client may send.
 *
 * @param volumes volumes that it names
 * @param inodes inodes that it names
 * @param perhapsGone inodes that it names and that need not be there any more
 * @param extents extents that it names beside those of slices, which the shard itself holds to the file's volume
 */
record CommandTargets(List<Long> volumes, List<Long> inodes, List<Long> perhapsGone, List<Long> extents) {

    /** @throws StorageException {@code PERMISSION_DENIED} for a command that no client may send */
    static CommandTargets of(final Command command) {
        final CommandTargets targets =
                new CommandTargets(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        targets.addFrom(command);
        if (command.hasBase()) {
            targets.inodes.add(command.getBase().getDirectory());
        }
        if (command.hasVia()) {
            targets.perhapsGone.add(command.getVia().getParent());
        }
        return targets;
    }

    private void addFrom(final Command command) {
        switch (command.getBodyCase()) {
            case OPEN_SESSION, RENEW_LEASES -> {
                // about the session itself
            }
            case PUT_OBJECT -> {
                volumes.add(command.getPutObject().getVolume());
                content(command.getPutObject().getContent());
            }
            case DELETE_OBJECT -> volumes.add(command.getDeleteObject().getVolume());
            case SET_OBJECT_ATTRIBUTES -> {
                volumes.add(command.getSetObjectAttributes().getVolume());
                inodes.add(command.getSetObjectAttributes().getInode());
            }
            case CREATE_UPLOAD -> {
                refuse(command.getCreateUpload().getUpload().hasCompleted());
                volumes.add(command.getCreateUpload().getVolume());
            }
            case PUT_PART -> {
                volumes.add(command.getPutPart().getVolume());
                content(command.getPutPart().getContent());
            }
            case COMPLETE_UPLOAD -> volumes.add(command.getCompleteUpload().getVolume());
            case ABORT_UPLOAD -> volumes.add(command.getAbortUpload().getVolume());
            case ALLOCATE_EXTENT -> volumes.add(command.getAllocateExtent().getVolume());
            case SEAL_EXTENT -> {
                refuse(command.getSealExtent().getRecovered());
                extents.add(command.getSealExtent().getExtent());
            }
            case RELEASE_EXTENT -> extents.add(command.getReleaseExtent().getExtent());
            case MAKE_NODE -> {
                refuse(command.getMakeNode().getPlacedInode() != 0);
                inodes.add(command.getMakeNode().getParent());
            }
            case LINK_NODE -> {
                inodes.add(command.getLinkNode().getInode());
                inodes.add(command.getLinkNode().getParent());
            }
            case UNLINK_NODE -> inodes.add(command.getUnlinkNode().getParent());
            case REMOVE_DIRECTORY -> inodes.add(command.getRemoveDirectory().getParent());
            case RENAME_NODE -> {
                inodes.add(command.getRenameNode().getFromParent());
                inodes.add(command.getRenameNode().getToParent());
            }
            case SET_ATTRIBUTES -> inodes.add(command.getSetAttributes().getInode());
            case WRITE_CONTENT -> {
                inodes.add(command.getWriteContent().getInode());
                content(command.getWriteContent().getContent());
                refuse(command.getWriteContent().getAttributes().getInode() != 0
                        && command.getWriteContent().getAttributes().getInode()
                                != command.getWriteContent().getInode());
            }
            case SET_XATTR -> inodes.add(command.getSetXattr().getInode());
            case OPEN_NODE -> inodes.add(command.getOpenNode().getInode());
            case CLOSE_NODE -> inodes.add(command.getCloseNode().getInode());
            case HOLD_NODES -> perhapsGone.addAll(command.getHoldNodes().getInodesList());
            case CONCATENATE -> {
                inodes.add(command.getConcatenate().getTarget());
                command.getConcatenate().getSourcesList().stream()
                        .map(NodeName::getParent)
                        .forEach(inodes::add);
            }
            case ACQUIRE_LOCK -> inodes.add(command.getAcquireLock().getInode());
            case RELEASE_LOCK -> inodes.add(command.getReleaseLock().getInode());
            case CANCEL_LOCK -> inodes.add(command.getCancelLock().getInode());
            case ACQUIRE_LEASE -> inodes.add(command.getAcquireLease().getInode());
            case RELEASE_LEASE -> inodes.add(command.getReleaseLease().getInode());
            case ACQUIRE_DELEGATION -> inodes.add(command.getAcquireDelegation().getDirectory());
            case RESERVE_INODES -> {
                // about the session itself
            }
            case KEEP_PROMISES -> promises(command.getKeepPromises());
            case END_SESSIONS,
                    CREATE_ROOT,
                    SET_VOLUME_POLICY,
                    DROP_VOLUME,
                    SET_TENANT_QUOTA,
                    FORGET_UPLOADS,
                    MOVE_BLOCKS,
                    CLEANED_EXTENT,
                    DROP_EXTENT,
                    FORGET_EXTENT,
                    TRIM_FEED,
                    REAP_CONTENTS,
                    ATTACH_VOLUME,
                    PREPARE_ROWS,
                    COMMIT_ACROSS,
                    FINISH_ROWS,
                    RELEASE_ROWS,
                    RESOLVE_OUTCOME,
                    FORGET_OUTCOME,
                    RECLAIM_ORPHANS,
                    BODY_NOT_SET -> refuse(true);
        }
    }

    /** What one promise makes the next may be about: the shard breaks those that are about what could not be made. */
    private void promises(final KeepPromises promises) {
        final Set<Long> made = new HashSet<>();
        final CommandTargets all =
                new CommandTargets(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (final Command promise : promises.getPromisesList()) {
            refuse(promise.hasKeepPromises() || promise.hasBase());
            all.addFrom(promise);
            if (promise.hasVia()) {
                all.perhapsGone.add(promise.getVia().getParent());
            }
            if (promise.hasMakeNode()) {
                made.add(promise.getMakeNode().getReservedInode());
            }
        }
        all.inodes.stream().distinct().filter(inode -> !made.contains(inode)).forEach(inodes::add);
        all.perhapsGone.stream()
                .distinct()
                .filter(inode -> !made.contains(inode))
                .forEach(perhapsGone::add);
        // Directories that are given back are the session's own, or nothing comes of it.
    }

    private void content(final NewContent content) {
        if (content.getCloneInode() != 0) {
            inodes.add(content.getCloneInode());
        }
        for (final Slice slice : content.getSlicesList()) {
            // Others' content is shared by a clone, which the shard checks; never by a slice that says so.
            refuse(slice.getContent() != 0);
        }
    }

    private static void refuse(final boolean forbidden) {
        if (forbidden) {
            throw new StorageException(Failure.PERMISSION_DENIED, "not a command that clients may send");
        }
    }
}
