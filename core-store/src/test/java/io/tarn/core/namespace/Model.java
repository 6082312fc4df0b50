package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CreateRoot;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.MoveBlocks;
import io.tarn.core.namespace.wire.MovedBlock;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetVolumePolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the state machine ought to do, in the plainest form, and the judge of what it did: it takes each command with its reply,
 * in the order of the log, works out what the reply has to be, and learns from it the ids that it cannot know.
 */
final class Model {
    /** Commands that neither give nor take names and let no open file go. */
    private static final Set<Command.BodyCase> KEEPS_TREE = EnumSet.of(
            Command.BodyCase.SET_OBJECT_ATTRIBUTES,
            Command.BodyCase.SET_VOLUME_POLICY,
            Command.BodyCase.SET_TENANT_QUOTA,
            Command.BodyCase.CREATE_UPLOAD,
            Command.BodyCase.PUT_PART,
            Command.BodyCase.ABORT_UPLOAD,
            Command.BodyCase.FORGET_UPLOADS,
            Command.BodyCase.ALLOCATE_EXTENT,
            Command.BodyCase.SEAL_EXTENT,
            Command.BodyCase.RELEASE_EXTENT,
            Command.BodyCase.MOVE_BLOCKS,
            Command.BodyCase.CLEANED_EXTENT,
            Command.BodyCase.DROP_EXTENT,
            Command.BodyCase.FORGET_EXTENT,
            Command.BodyCase.TRIM_FEED,
            Command.BodyCase.SET_XATTR,
            Command.BodyCase.OPEN_NODE,
            Command.BodyCase.HOLD_NODES,
            Command.BodyCase.ACQUIRE_LOCK,
            Command.BodyCase.RELEASE_LOCK,
            Command.BodyCase.CANCEL_LOCK,
            Command.BodyCase.ACQUIRE_LEASE,
            Command.BodyCase.RENEW_LEASES,
            Command.BodyCase.RELEASE_LEASE,
            Command.BodyCase.ACQUIRE_DELEGATION,
            Command.BodyCase.RESERVE_INODES);

    final TreeMap<Long, ModelVolume> volumes = new TreeMap<>();
    final Map<String, Quota> tenants = new HashMap<>();
    final ModelExtents extents = new ModelExtents();
    final ModelSessions sessions = new ModelSessions();
    private final ModelObjects objects = new ModelObjects(this);
    private final ModelUploads uploads = new ModelUploads(this, objects);
    private final ModelTree tree = new ModelTree(this);
    private final ModelFiles files = new ModelFiles(this, objects);
    final ModelLocks locks = new ModelLocks();
    final ModelLeases leases = new ModelLeases();
    private final ModelDelegations delegations = new ModelDelegations(this, tree);
    /** What the commands of this entry have to put in the feed. */
    final List<Event> events = new ArrayList<>();
    /** Volumes whose feed was trimmed in this entry, perhaps of this entry's events. */
    final Set<Long> trimmed = new HashSet<>();

    private long lastInode;

    /** An event of the feed, without what follows from the inode. */
    record Event(
            long volume,
            EventType type,
            long parent,
            ByteString name,
            long inode,
            long size,
            long oldParent,
            ByteString oldName) {}

    /** Ids are given out one after the other. */
    long newInode(final long inode) {
        if (lastInode != 0) {
            assertThat(inode).as("the next inode").isEqualTo(lastInode + 1);
        }
        lastInode = inode;
        return inode;
    }

    /** The id that a command gives out beside the one it tells. */
    long untoldInode() {
        return ++lastInode;
    }

    void makeDirectories(final ModelVolume volume, final Key key) {
        ModelVolume.directoriesOf(key)
                .forEach(name ->
                        volume.directories.computeIfAbsent(name, unused -> new ModelVolume.Directory(++lastInode)));
    }

    void event(final EventType type, final ModelVolume volume, final Key key, final long inode, final long size) {
        final ModelPath path = ModelPath.of(volume, key);
        event(type, volume.id, path.parent(), path.name(), inode, size);
    }

    void event(
            final EventType type,
            final long volume,
            final long parent,
            final byte[] name,
            final long inode,
            final long size) {
        events.add(new Event(volume, type, parent, ByteString.copyFrom(name), inode, size, 0, ByteString.EMPTY));
    }

    /** A delete marker becomes the newest version of a key. */
    ModelVersion mark(final long now, final ModelVolume volume, final Key key, final String owner) {
        final ModelVersion marker = new ModelVersion();
        marker.modifiedNanos = now;
        marker.owner = owner;
        marker.nullVersion = volume.versioning == Versioning.SUSPENDED;
        volume.add(key, marker);
        event(EventType.DELETE_MARKER, volume, key, 0, 0);
        return marker;
    }

    void judge(final long now, final Command command, final byte[] bytes) {
        final Reply reply = Records.parse(Reply.parser(), bytes);
        if (command.hasOpenSession()) {
            sessions.open.computeIfAbsent(command.getSession(), unused -> new ModelSessions.Session());
            assertThat(reply).isEqualTo(Replies.DONE);
            return;
        }
        try {
            final Optional<byte[]> earlier = sessions.earlier(command);
            if (earlier.isPresent()) {
                assertThat(bytes).as("repeated reply").isEqualTo(earlier.get());
                return;
            }
        } catch (final Refused refused) {
            assertThat(reply.getFailure()).isEqualTo(refused.failure.name());
            return;
        }
        if (reply.hasVisit()) {
            delegations.visited(command, reply.getVisit());
            sessions.keep(command, bytes);
            return;
        }
        final int eventsBefore = events.size();
        final Map<Long, List<String>> ofOthers = delegations.ofOthers(command);
        try {
            run(now, command, reply);
            if (!KEEPS_TREE.contains(command.getBodyCase())) {
                volumes.values().forEach(ModelVolume::sweep);
            }
        } catch (final Refused refused) {
            events.subList(eventsBefore, events.size()).clear();
            assertThat(reply.getFailure())
                    .as("the model refuses; reply %s", reply)
                    .isEqualTo(refused.failure.name());
        }
        delegations.assertUnchanged(ofOthers);
        delegations.forgetGone();
        sessions.keep(command, bytes);
    }

    private void run(final long now, final Command command, final Reply reply) {
        final long session = command.getSession();
        switch (command.getBodyCase()) {
            case PUT_OBJECT -> objects.put(now, command.getPutObject(), session, reply);
            case DELETE_OBJECT -> objects.delete(now, command.getDeleteObject(), reply);
            case SET_OBJECT_ATTRIBUTES -> objects.setAttributes(command.getSetObjectAttributes(), reply);
            case CREATE_UPLOAD -> uploads.create(now, command.getCreateUpload(), reply);
            case PUT_PART -> uploads.putPart(now, command.getPutPart(), session, reply);
            case COMPLETE_UPLOAD -> uploads.complete(now, command.getCompleteUpload(), reply);
            case ABORT_UPLOAD -> uploads.abort(command.getAbortUpload());
            case FORGET_UPLOADS -> uploads.forget(now, command.getForgetUploads());
            case CREATE_ROOT -> createRoot(command.getCreateRoot(), reply);
            case SET_VOLUME_POLICY -> setPolicy(command.getSetVolumePolicy());
            case DROP_VOLUME -> drop(command.getDropVolume().getVolume());
            case SET_TENANT_QUOTA ->
                tenants.put(
                        command.getSetTenantQuota().getTenant(),
                        new Quota(
                                command.getSetTenantQuota().getBytes(),
                                command.getSetTenantQuota().getInodes()));
            case ALLOCATE_EXTENT -> {
                volume(command.getAllocateExtent().getVolume());
                succeeded(reply);
                extents.allocated(command.getAllocateExtent().getVolume(), session, reply);
            }
            case SEAL_EXTENT ->
                extents.seal(
                        command.getSealExtent().getExtent(),
                        command.getSealExtent().getEpoch(),
                        command.getSealExtent().getLength(),
                        command.getSealExtent().getRecovered(),
                        session);
            case RELEASE_EXTENT ->
                extents.release(
                        command.getReleaseExtent().getExtent(),
                        command.getReleaseExtent().getEpoch(),
                        session);
            case DROP_EXTENT -> {
                final long extent = command.getDropExtent().getExtent();
                extents.drop(extent, contents().anyMatch(content -> content.uses(extent)));
            }
            case FORGET_EXTENT -> extents.forget(command.getForgetExtent().getExtent());
            case MOVE_BLOCKS -> move(command.getMoveBlocks(), session, reply);
            case END_SESSIONS -> endSessions(command.getEndSessions());
            case MAKE_NODE, LINK_NODE, UNLINK_NODE, REMOVE_DIRECTORY, RENAME_NODE -> tree.run(now, command, reply);
            case SET_ATTRIBUTES, WRITE_CONTENT, SET_XATTR, OPEN_NODE, CLOSE_NODE, HOLD_NODES, CONCATENATE ->
                files.run(now, command, reply);
            case ACQUIRE_LOCK, RELEASE_LOCK, CANCEL_LOCK -> {
                if (command.hasAcquireLock()) {
                    final long inode = command.getAcquireLock().getInode();
                    Refused.unless(inodeExists(inode), Failure.NOT_FOUND);
                    Refused.unless(
                            file(inode)
                                    .filter(file -> file.type == FileType.SYMLINK)
                                    .isEmpty(),
                            Failure.INVALID_ARGUMENT);
                }
                locks.run(command, reply);
            }
            case ACQUIRE_LEASE, RENEW_LEASES, RELEASE_LEASE -> leases.run(now, command, reply, this);
            case ACQUIRE_DELEGATION, RESERVE_INODES, KEEP_PROMISES -> delegations.run(now, command, reply);
            case TRIM_FEED -> trimmed.add(command.getTrimFeed().getVolume());
            case CLEANED_EXTENT, REAP_CONTENTS -> {
                // Nothing that the model knows of changes.
            }
            default -> throw new Refused(Failure.UNSUPPORTED);
        }
        succeeded(reply);
    }

    static void succeeded(final Reply reply) {
        assertThat(reply.getFailure()).as("the model succeeds; reply %s", reply).isEmpty();
    }

    Optional<ModelVersion> file(final long inode) {
        return volumes.values().stream()
                .filter(volume -> volume.inodes.containsKey(inode))
                .map(volume -> volume.inodes.get(inode))
                .findFirst();
    }

    ModelVolume volumeOf(final ModelVersion file) {
        return volumes.values().stream()
                .filter(volume -> volume.inodes.get(file.inode) == file)
                .findFirst()
                .orElseThrow();
    }

    boolean inodeExists(final long inode) {
        return file(inode).isPresent()
                || volumes.values().stream()
                        .anyMatch(volume -> ModelPath.directory(volume, inode).isPresent());
    }

    ModelVolume volume(final long id) {
        Refused.unless(volumes.containsKey(id), Failure.NOT_FOUND);
        return volumes.get(id);
    }

    Stream<ModelContent> contents() {
        return volumes.values().stream().flatMap(ModelVolume::contents);
    }

    private void createRoot(final CreateRoot command, final Reply reply) {
        succeeded(reply);
        if (volumes.containsKey(command.getVolume())) {
            assertThat(reply.getId().getId()).isEqualTo(volumes.get(command.getVolume()).root);
            return;
        }
        final ModelVolume volume =
                new ModelVolume(command.getVolume(), reply.getId().getId(), command.getTenant());
        volume.versioning = VersioningCodes.of(command.getVersioning());
        volume.quotaBytes = command.getQuotaBytes();
        volume.quotaInodes = command.getQuotaInodes();
        volumes.put(volume.id, volume);
        newInode(volume.root);
    }

    private void setPolicy(final SetVolumePolicy command) {
        final ModelVolume volume = volume(command.getVolume());
        Refused.unless(command.getVersioning() != 0 || !volume.versioned(), Failure.INVALID_ARGUMENT);
        volume.versioning = VersioningCodes.of(command.getVersioning());
        volume.quotaBytes = command.getQuotaBytes();
        volume.quotaInodes = command.getQuotaInodes();
    }

    private void drop(final long id) {
        if (volumes.containsKey(id)) {
            Refused.unless(volumes.get(id).isEmpty(), Failure.NOT_EMPTY);
            volumes.remove(id);
        }
    }

    private void endSessions(final EndSessions command) {
        final List<Long> ended = command.getOthersThan() == 0
                ? command.getSessionsList()
                : sessions.open.keySet().stream()
                        .filter(session -> session != command.getOthersThan())
                        .toList();
        for (final long session : List.copyOf(ended)) {
            if (sessions.open.remove(session) != null) {
                extents.endSession(session);
                volumes.values().forEach(volume -> volume.inodes.values().forEach(file -> file.end(session)));
                locks.endSession(session);
                leases.endSession(session);
                delegations.endSession(session);
            }
        }
    }

    private void move(final MoveBlocks command, final long session, final Reply reply) {
        final List<Boolean> moved = new ArrayList<>();
        final Map<ModelContent.Block, MovedBlock> moves = new HashMap<>();
        for (final MovedBlock block : command.getBlocksList()) {
            final Optional<ModelContent.Block> live = used(block.getFromExtent(), block.getFromOffset());
            Refused.unless(live.isEmpty() || live.get().bytes.length == block.getLength(), Failure.INVALID_ARGUMENT);
            moved.add(live.isPresent());
            live.ifPresent(found -> moves.put(found, block));
        }
        moves.forEach((block, move) -> extents.requireWritable(
                move.getToExtent(),
                move.getToOffset() + move.getLength(),
                extents.extents.get(block.extent).volume,
                session));
        succeeded(reply);
        moves.forEach((block, move) -> {
            extents.blocks.remove(new ModelExtents.Place(block.extent, block.offset));
            block.extent = move.getToExtent();
            block.offset = move.getToOffset();
            extents.blocks.put(new ModelExtents.Place(block.extent, block.offset), block);
        });
        // A content that segments share is kept as a whole, so the shard may keep and move more than any file needs.
        final List<Boolean> done = reply.getMoved().getMovedList();
        assertThat(done).hasSameSizeAs(moved);
        for (int at = 0; at < moved.size(); at++) {
            assertThat(done.get(at) || !moved.get(at))
                    .as("block %d is moved", at)
                    .isTrue();
        }
    }

    private Optional<ModelContent.Block> used(final long extent, final long offset) {
        return contents()
                .flatMap(content -> content.pieces().stream())
                .map(ModelContent.Piece::block)
                .filter(block -> block.extent == extent && block.offset == offset && extent != 0)
                .findFirst();
    }
}
