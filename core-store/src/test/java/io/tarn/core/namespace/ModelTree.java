package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.namespace.ModelPath.Child;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LinkNode;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.RemoveDirectory;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.UnlinkNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Names by directory inode in the model: what they do to keys. */
final class ModelTree {
    private final Model model;
    private final ModelRenames renames;

    ModelTree(final Model model) {
        this.model = model;
        this.renames = new ModelRenames(model, this);
    }

    /** A directory that a command names by its inode. */
    record Place(ModelVolume volume, Key key, long id) {
        Optional<Child> find(final ByteString shown) {
            return ModelPath.children(volume, key).stream()
                    .filter(child -> Arrays.equals(child.shown(), shown.toByteArray()))
                    .findFirst();
        }

        Child require(final ByteString shown) {
            return find(shown).orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        }

        /** The stored name for a new entry. */
        byte[] newName(final ByteString shown, final boolean directory) {
            Refused.unless(shown.size() <= 255, Failure.TOO_LARGE);
            final NameEscape.Parsed parsed = NameEscape.parse(shown.toByteArray());
            if (parsed instanceof final NameEscape.Exact exact && (directory || exact.name().length > 0)) {
                return exact.name();
            }
            if (parsed instanceof final NameEscape.Beside beside && !directory) {
                final Key other = ModelPath.directoryKey(key, beside.name());
                if (volume.directories.containsKey(other) && volume.isVisible(other)) {
                    return beside.name();
                }
            }
            throw new Refused(Failure.INVALID_ARGUMENT);
        }

        Key keyOf(final Child child) {
            return child.directory() ? ModelPath.directoryKey(key, child.name()) : ModelPath.join(key, child.name());
        }

        long inodeOf(final Child child) {
            return child.directory()
                    ? volume.directories.get(keyOf(child)).id
                    : volume.current(keyOf(child)).orElseThrow().inode;
        }
    }

    Place place(final long directory) {
        for (final ModelVolume volume : model.volumes.values()) {
            final Optional<Key> key = ModelPath.directory(volume, directory);
            if (key.isPresent()) {
                return new Place(volume, key.get(), directory);
            }
        }
        throw new Refused(model.file(directory).isPresent() ? Failure.NOT_A_DIRECTORY : Failure.NOT_FOUND);
    }

    void run(final long now, final Command command, final Reply reply) {
        switch (command.getBodyCase()) {
            case MAKE_NODE -> make(now, command.getMakeNode(), command.getSession(), reply);
            case LINK_NODE -> link(command.getLinkNode(), reply);
            case UNLINK_NODE -> unlink(now, command.getUnlinkNode());
            case REMOVE_DIRECTORY -> removeDirectory(now, command.getRemoveDirectory());
            default -> renames.rename(now, command.getRenameNode(), reply);
        }
    }

    private void make(final long now, final MakeNode command, final long session, final Reply reply) {
        final Place place = place(command.getParent());
        final boolean directory = command.getType() == FileType.DIRECTORY;
        final Optional<Child> existing = place.find(command.getName());
        if (existing.isPresent()) {
            final boolean opens = !command.getExclusive()
                    && command.getType() == FileType.REGULAR
                    && !existing.get().directory()
                    && place.volume().current(place.keyOf(existing.get())).orElseThrow().type == FileType.REGULAR;
            Refused.unless(opens, Failure.ALREADY_EXISTS);
            assertThat(reply.getNode().getInode()).isEqualTo(place.inodeOf(existing.get()));
            hold(command, model.file(place.inodeOf(existing.get())).orElseThrow(), session);
            return;
        }
        final byte[] name = place.newName(command.getName(), directory);
        if (directory) {
            final ModelVolume.Directory there =
                    place.volume().directories.get(ModelPath.directoryKey(place.key(), name));
            if (there == null) {
                requireGrowth(place.volume(), 0, 1);
            }
            Refused.unless(!command.getOpen(), Failure.IS_A_DIRECTORY);
            makeDirectory(place, name, command.getMode(), reply);
            return;
        }
        Refused.unless(command.getType() != FileType.FILE_TYPE_UNKNOWN, Failure.INVALID_ARGUMENT);
        final int size = command.getSymlinkTarget().size();
        requireGrowth(place.volume(), size, 1);
        Model.succeeded(reply);
        final Key key = ModelPath.join(place.key(), name);
        final Inode inode = reply.getNode().getAttributes();
        final ModelVersion file = new ModelVersion();
        file.learn(inode);
        assertThat(inode.getNullVersion()).isEqualTo(place.volume().versioning != Versioning.ENABLED);
        file.inode = model.newInode(reply.getNode().getInode());
        file.type = command.getType();
        file.mode = command.getMode() & 07777;
        file.uid = command.getUid();
        file.gid = command.getGid();
        file.rdev = command.getRdev();
        file.content = size == 0
                ? ModelContent.EMPTY
                : ModelContent.inline(command.getSymlinkTarget().toByteArray());
        file.modifiedNanos = now;
        file.accessedNanos = now;
        file.owner = command.getOwner();
        file.object = ObjectAttributes.newBuilder().setOwner(command.getOwner()).build();
        place.volume().add(key, file);
        model.event(EventType.CREATED, place.volume(), key, file.inode, size);
        file.episode = command.getOpen();
        hold(command, file, session);
    }

    private static void hold(final MakeNode command, final ModelVersion file, final long session) {
        if (command.getOpen()) {
            file.hold(session, true);
        }
    }

    private void makeDirectory(final Place place, final byte[] name, final int mode, final Reply reply) {
        final Key key = ModelPath.directoryKey(place.key(), name);
        final ModelVolume.Directory hidden = place.volume().directories.get(key);
        Model.succeeded(reply);
        final long id = reply.getNode().getInode();
        final ModelVolume.Directory made = hidden == null ? new ModelVolume.Directory(model.newInode(id)) : hidden;
        assertThat(id).isEqualTo(made.id);
        made.explicit = true;
        made.mode = mode & 07777;
        place.volume().directories.put(key, made);
    }

    void requireGrowth(final ModelVolume volume, final long bytes, final long inodes) {
        final Usage own = volume.usage();
        final Usage all = model.volumes.values().stream()
                .filter(other -> other.tenant.equals(volume.tenant))
                .map(ModelVolume::usage)
                .reduce(new Usage(0, 0), (a, b) -> new Usage(a.bytes() + b.bytes(), a.inodes() + b.inodes()));
        final Quota tenant = model.tenants.getOrDefault(volume.tenant, Quota.NONE);
        Refused.unless(
                bytes <= 0 || (own.bytes() + bytes <= volume.quotaBytes && all.bytes() + bytes <= tenant.bytes()),
                Failure.QUOTA_EXCEEDED);
        Refused.unless(
                inodes <= 0
                        || (own.inodes() + inodes <= volume.quotaInodes && all.inodes() + inodes <= tenant.inodes()),
                Failure.QUOTA_EXCEEDED);
    }

    private void link(final LinkNode command, final Reply reply) {
        final Place place = place(command.getParent());
        final boolean directory = model.volumes.values().stream()
                .anyMatch(volume ->
                        ModelPath.directory(volume, command.getInode()).isPresent());
        Refused.unless(!directory, Failure.IS_A_DIRECTORY);
        final ModelVersion file = model.file(command.getInode())
                .filter(found -> found.links > 0)
                .orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        Refused.unless(model.volumeOf(file) == place.volume(), Failure.CROSS_VOLUME);
        Refused.unless(place.find(command.getName()).isEmpty(), Failure.ALREADY_EXISTS);
        Refused.unless(!place.volume().versioned(), Failure.UNSUPPORTED);
        final Key key = ModelPath.join(place.key(), place.newName(command.getName(), false));
        Model.succeeded(reply);
        place.volume().keys.put(key, List.of(file));
        file.homeless = true;
        assertThat(reply.getNode().getInode()).isEqualTo(file.inode);
        model.event(EventType.LINKED, place.volume(), key, file.inode, file.content.size());
    }

    private void unlink(final long now, final UnlinkNode command) {
        final Place place = place(command.getParent());
        final Child child = place.require(command.getName());
        Refused.unless(!child.directory(), Failure.IS_A_DIRECTORY);
        unlink(now, place.volume(), place.keyOf(child), command.getOwner());
    }

    /** Takes the current version's name away as the volume's versioning says. */
    void unlink(final long now, final ModelVolume volume, final Key key, final String owner) {
        final ModelVersion file = volume.current(key).orElseThrow();
        if (volume.versioned()) {
            model.mark(now, volume, key, owner);
        } else {
            volume.keys.remove(key);
        }
        model.event(EventType.REMOVED, volume, key, file.inode, file.content.size());
    }

    private void removeDirectory(final long now, final RemoveDirectory command) {
        final Place place = place(command.getParent());
        final Child child = place.require(command.getName());
        Refused.unless(child.directory(), Failure.NOT_A_DIRECTORY);
        final Key key = place.keyOf(child);
        removeEmpty(now, place.volume(), key);
    }

    /** Removes a directory that shows nothing but perhaps the object of its own key. */
    void removeEmpty(final long now, final ModelVolume volume, final Key key) {
        Refused.unless(ModelPath.children(volume, key).isEmpty(), Failure.NOT_EMPTY);
        volume.directories.get(key).explicit = false;
        if (volume.current(key).isPresent()) {
            unlink(now, volume, key, "");
        }
    }

    /** Everything under one directory's key comes to stand under another's. */
    static void rekey(final ModelVolume volume, final Key from, final Key to) {
        final List<Key> keys =
                new ArrayList<>(ModelVolume.below(volume.keys, from).keySet());
        final List<List<ModelVersion>> versions =
                keys.stream().map(volume.keys::remove).toList();
        final List<Key> names =
                new ArrayList<>(ModelVolume.below(volume.directories, from).keySet());
        final List<ModelVolume.Directory> directories =
                names.stream().map(volume.directories::remove).toList();
        for (int at = 0; at < keys.size(); at++) {
            volume.keys.put(moved(keys.get(at), from, to), versions.get(at));
        }
        for (int at = 0; at < names.size(); at++) {
            volume.directories.put(moved(names.get(at), from, to), directories.get(at));
        }
    }

    private static Key moved(final Key key, final Key from, final Key to) {
        return ModelPath.join(to, Arrays.copyOfRange(key.toByteArray(), from.length(), key.length()));
    }
}
