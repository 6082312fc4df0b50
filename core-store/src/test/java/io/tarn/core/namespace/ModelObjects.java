package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.DeleteObject;
import io.tarn.core.namespace.wire.DeletedReply;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.PreconditionRecord;
import io.tarn.core.namespace.wire.PutObject;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetObjectAttributes;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Put, delete, attributes and quotas in the model. */
final class ModelObjects {
    private static final int DEPTH_MAX = 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Model model;
    private long lastOrder;

    ModelObjects(final Model model) {
        this.model = model;
    }

    void put(final long now, final PutObject command, final long session, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        install(
                now,
                volume,
                command.getKey(),
                command.getObject(),
                command.getPrecondition(),
                () -> content(command.getContent(), volume.id, session),
                new Usage(0, 0),
                reply);
    }

    /** @param given what the commit gives back beside the version it replaces */
    void install(
            final long now,
            final ModelVolume volume,
            final ByteString keyBytes,
            final ObjectAttributes object,
            final PreconditionRecord condition,
            final Supplier<ModelContent> filling,
            final Usage given,
            final Reply reply) {
        final Key key = Key.of(keyBytes.toByteArray());
        final long missing = requireDirectories(volume, key);
        check(condition, volume.current(key));
        final ModelVersion version = new ModelVersion();
        version.content = filling.get();
        // Any number but 0, which stands for a delete marker; the reply tells the right one.
        version.inode = -1;
        version.modifiedNanos = now;
        version.nullVersion = volume.versioning != Versioning.ENABLED;
        version.object = object;
        version.owner = object.getOwner();
        final List<ModelVersion> before = volume.versions(key);
        final boolean replaces = volume.current(key).isPresent();
        volume.add(key, version);
        try {
            requireRoom(volume, version.content.size(), new Usage(given.bytes(), given.inodes() - missing));
        } catch (final Refused refused) {
            if (before.isEmpty()) {
                volume.keys.remove(key);
            } else {
                volume.keys.put(key, before);
            }
            throw refused;
        }
        Model.succeeded(reply);
        final Inode inode = reply.getObject().getAttributes();
        version.learn(inode);
        version.etagGeneration = version.contentGeneration;
        version.mode = inode.getMode();
        version.uid = inode.getUid();
        version.gid = inode.getGid();
        version.accessedNanos = now;
        assertThat(version.order).isGreaterThan(lastOrder).isEqualTo(inode.getContentGeneration());
        lastOrder = version.order;
        model.makeDirectories(volume, key);
        version.inode = model.newInode(reply.getObject().getInode());
        model.event(
                replaces ? EventType.CONTENT : EventType.CREATED, volume, key, version.inode, version.content.size());
        assertThat(ObjectInfos.of(volume.id, key, version.inode, inode, volume.versioned(), true))
                .isEqualTo(version.info(volume.id, key, volume.versioned(), true));
        assertThat(reply.getObject().getKey()).isEqualTo(keyBytes);
    }

    void requireRoom(final ModelVolume volume, final long bytes, final Usage given) {
        final Usage usage = volume.usage();
        final Quota own = new Quota(volume.quotaBytes, volume.quotaInodes);
        requireWithin(own, minus(usage, given), bytes);
        final Usage all = model.volumes.values().stream()
                .filter(other -> other.tenant.equals(volume.tenant))
                .map(ModelVolume::usage)
                .reduce(new Usage(0, 0), (a, b) -> new Usage(a.bytes() + b.bytes(), a.inodes() + b.inodes()));
        requireWithin(model.tenants.getOrDefault(volume.tenant, Quota.NONE), minus(all, given), bytes);
    }

    private static Usage minus(final Usage usage, final Usage given) {
        return new Usage(usage.bytes() - given.bytes(), usage.inodes() - given.inodes());
    }

    private static void requireWithin(final Quota quota, final Usage usage, final long bytes) {
        Refused.unless(bytes == 0 || usage.bytes() <= quota.bytes(), Failure.QUOTA_EXCEEDED);
        Refused.unless(usage.inodes() <= quota.inodes(), Failure.QUOTA_EXCEEDED);
    }

    /** How many directories the key needs that are not there, if there may be so many. */
    private long requireDirectories(final ModelVolume volume, final Key key) {
        final List<Key> wanted = ModelVolume.directoriesOf(key);
        Refused.unless(wanted.size() <= DEPTH_MAX, Failure.TOO_LARGE);
        final Set<Key> existing = volume.directories.keySet();
        final long made =
                wanted.stream().filter(name -> !existing.contains(name)).count();
        if (made > 0) {
            requireRoom(volume, 0, new Usage(0, -made));
        }
        return made;
    }

    static void check(final PreconditionRecord wanted, final Optional<ModelVersion> current) {
        if (wanted.getIfMatchCount() > 0) {
            Refused.unless(current.isPresent(), Failure.NOT_FOUND);
            Refused.unless(names(wanted.getIfMatchList(), current.get()), Failure.PRECONDITION_FAILED);
        }
        current.ifPresent(version -> {
            final boolean noneMatch = wanted.getIfNoneMatchCount() == 0 || !names(wanted.getIfNoneMatchList(), version);
            final boolean size = !wanted.getHasSize() || wanted.getSize() == version.content.size();
            final boolean time = !wanted.getHasModified()
                    || wanted.getModifiedNanos() / NANOS_PER_SECOND == version.modifiedNanos / NANOS_PER_SECOND;
            Refused.unless(noneMatch && size && time, Failure.PRECONDITION_FAILED);
        });
    }

    private static boolean names(final List<String> tags, final ModelVersion version) {
        return tags.contains("*") || tags.contains(version.etag());
    }

    ModelContent content(final NewContent content, final long volume, final long session) {
        final long length = content.getLength();
        if (content.getCloneInode() != 0) {
            final ModelContent source = source(content);
            Refused.unless(model.volumes.get(volume).inodes.containsKey(content.getCloneInode()), Failure.CROSS_VOLUME);
            final long from = content.getCloneOffset();
            Refused.unless(from >= 0 && length >= 0 && from <= source.size() - length, Failure.INVALID_ARGUMENT);
            return source.cut(from, length);
        }
        if (!content.getInlineData().isEmpty()) {
            Refused.unless(content.getInlineData().size() == length, Failure.INVALID_ARGUMENT);
            return ModelContent.inline(content.getInlineData().toByteArray());
        }
        final List<ModelContent.Piece> pieces = new ArrayList<>();
        long end = 0;
        for (final Slice slice : content.getSlicesList()) {
            Refused.unless(slice.getFileOffset() == end, Failure.INVALID_ARGUMENT);
            Refused.unless(slice.getExtent() != 0 && slice.getLength() > 0, Failure.INVALID_ARGUMENT);
            Refused.unless(slice.getSkip() + slice.getLength() <= slice.getBlockLength(), Failure.INVALID_ARGUMENT);
            end += slice.getLength();
            model.extents.requireWritable(
                    slice.getExtent(), slice.getBlockOffset() + slice.getBlockLength(), volume, session);
            final ModelContent.Block block =
                    model.extents.blocks.get(new ModelExtents.Place(slice.getExtent(), slice.getBlockOffset()));
            pieces.add(new ModelContent.Piece(block, slice.getSkip(), slice.getLength()));
        }
        Refused.unless(end == length, Failure.INVALID_ARGUMENT);
        return new ModelContent(pieces);
    }

    private ModelContent source(final NewContent content) {
        for (final ModelVolume volume : model.volumes.values()) {
            final ModelVersion file = volume.inodes.get(content.getCloneInode());
            if (file != null && file.contentGeneration == content.getCloneContentGeneration()) {
                return file.content;
            }
        }
        throw new Refused(Failure.CONFLICT);
    }

    void delete(final long now, final DeleteObject command, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        final Key key = Key.of(command.getKey().toByteArray());
        if (command.getVersion().isEmpty()) {
            deleteCurrent(now, volume, key, command, reply);
            return;
        }
        Refused.unless(command.getVersion().matches("null|[0-9a-f]{16}"), Failure.NOT_FOUND);
        final Optional<ModelVersion> found = volume.version(key, command.getVersion());
        check(command.getPrecondition(), found.filter(version -> !version.isMarker()));
        Model.succeeded(reply);
        final boolean noCurrent = volume.current(key).isEmpty();
        found.ifPresentOrElse(
                version -> remove(volume, key, version, noCurrent),
                () -> forgetExplicit(volume, key, command.getVersion().equals("null") && noCurrent));
        assertThat(reply.getDeleted())
                .isEqualTo(DeletedReply.newBuilder()
                        .setDeleteMarker(found.filter(ModelVersion::isMarker).isPresent())
                        .setVersion(command.getVersion())
                        .build());
    }

    private void remove(final ModelVolume volume, final Key key, final ModelVersion version, final boolean noCurrent) {
        final boolean wasCurrent =
                volume.current(key).filter(current -> current == version).isPresent();
        volume.remove(key, version);
        if (!version.isMarker()) {
            model.event(EventType.REMOVED, volume, key, version.inode, version.content.size());
        }
        if (noCurrent || wasCurrent) {
            volume.current(key)
                    .ifPresent(now -> model.event(EventType.CREATED, volume, key, now.inode, now.content.size()));
        }
    }

    /** Deleting {@code dir/} takes back that somebody made the directory. */
    private static void forgetExplicit(final ModelVolume volume, final Key key, final boolean wanted) {
        if (wanted && volume.directories.containsKey(key)) {
            volume.directories.get(key).explicit = false;
        }
    }

    private void deleteCurrent(
            final long now, final ModelVolume volume, final Key key, final DeleteObject command, final Reply reply) {
        check(command.getPrecondition(), volume.current(key));
        if (!volume.versioned()) {
            Model.succeeded(reply);
            volume.current(key)
                    .ifPresent(gone -> model.event(EventType.REMOVED, volume, key, gone.inode, gone.content.size()));
            volume.keys.remove(key);
            forgetExplicit(volume, key, true);
            assertThat(reply.getDeleted()).isEqualTo(DeletedReply.getDefaultInstance());
            return;
        }
        requireDirectories(volume, key);
        Model.succeeded(reply);
        model.makeDirectories(volume, key);
        final ModelVersion marker = model.mark(now, volume, key, command.getOwner());
        forgetExplicit(volume, key, true);
        assertThat(reply.getDeleted().getDeleteMarker()).isTrue();
        final String version = reply.getDeleted().getVersion();
        if (marker.nullVersion) {
            assertThat(version).isEqualTo("null");
        } else {
            marker.order = Long.parseUnsignedLong(version, 16);
            marker.generation = marker.order;
            assertThat(marker.order).isGreaterThan(lastOrder);
            lastOrder = marker.order;
        }
    }

    void setAttributes(final SetObjectAttributes command, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        final ModelVersion version = Optional.ofNullable(volume.inodes.get(command.getInode()))
                .orElseThrow(() -> new Refused(Failure.CONFLICT));
        final boolean current = version.generation == ModelVersion.UNKNOWN
                ? reply.getFailure().isEmpty()
                : version.generation == command.getExpectedGeneration();
        Refused.unless(current, Failure.CONFLICT);
        final Key key = Key.of(command.getKey().toByteArray());
        Refused.unless(volume.keys.getOrDefault(key, List.of()).contains(version), Failure.CONFLICT);
        Model.succeeded(reply);
        model.event(EventType.ATTRIBUTES, volume, key, version.inode, version.content.size());
        version.object = command.getObject().toBuilder()
                .setEtag(version.object.getEtag())
                .setOwner(version.object.getOwner())
                .setParts(version.object.getParts())
                .build();
        assertThat(reply.getObject().getAttributes().getGeneration()).isGreaterThan(version.generation);
        version.generation = reply.getObject().getAttributes().getGeneration();
    }
}
