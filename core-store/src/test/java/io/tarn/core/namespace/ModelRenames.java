package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.namespace.ModelPath.Child;
import io.tarn.core.namespace.ModelTree.Place;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renames and exchanges in the model. */
final class ModelRenames {
    /** Stands for a slash that no key has, while two directories trade places. */
    private static final byte[] ASIDE = "\0aside\0/".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final Model model;
    private final ModelTree tree;

    ModelRenames(final Model model, final ModelTree tree) {
        this.model = model;
        this.tree = tree;
    }

    void rename(final long now, final RenameNode command, final Reply reply) {
        final Place from = tree.place(command.getFromParent());
        final Place to = tree.place(command.getToParent());
        Refused.unless(from.volume() == to.volume(), Failure.CROSS_VOLUME);
        final Child source = from.require(command.getFromName());
        final Optional<Child> target = to.find(command.getToName());
        Refused.unless(!command.getNoReplace() || target.isEmpty(), Failure.ALREADY_EXISTS);
        requireOneName(from, source);
        if (command.getExchange()) {
            exchange(now, command, from, to, source, target, reply);
            return;
        }
        final long id = from.inodeOf(source);
        if (target.isPresent() && to.inodeOf(target.get()) == id) {
            return;
        }
        final byte[] name =
                target.isPresent() ? target.get().name() : to.newName(command.getToName(), source.directory());
        if (source.directory()) {
            moveDirectory(now, from, to, source, target, name);
        } else {
            moveFile(now, command.getOwner(), from, to, source, target, name, reply);
        }
        renamed(from, source.name(), to, name, id);
        assertThat(reply.getNode().getInode()).isEqualTo(id);
    }

    private void renamed(final Place from, final byte[] fromName, final Place to, final byte[] toName, final long id) {
        model.events.add(new Model.Event(
                from.volume().id,
                EventType.RENAMED,
                to.id(),
                ByteString.copyFrom(toName),
                id,
                model.file(id).map(file -> file.content.size()).orElse(0L),
                from.id(),
                ByteString.copyFrom(fromName)));
    }

    private static void requireOneName(final Place place, final Child child) {
        final boolean several = !child.directory()
                && place.volume().versioned()
                && place.volume().current(place.keyOf(child)).orElseThrow().links > 1;
        Refused.unless(!several, Failure.UNSUPPORTED);
    }

    private static void requireNoLoop(final Place to, final Place from, final Child source) {
        Refused.unless(!source.directory() || !to.key().startsWith(from.keyOf(source)), Failure.LOOP);
    }

    private void moveDirectory(
            final long now,
            final Place from,
            final Place to,
            final Child source,
            final Optional<Child> target,
            final byte[] name) {
        final ModelVolume volume = from.volume();
        requireNoLoop(to, from, source);
        final Key key = ModelPath.directoryKey(to.key(), name);
        if (target.isPresent()) {
            Refused.unless(target.get().directory(), Failure.NOT_A_DIRECTORY);
            final ModelVolume.Directory doomed = volume.directories.get(key);
            final boolean explicit = doomed.explicit;
            Refused.unless(ModelPath.children(volume, key).isEmpty(), Failure.NOT_EMPTY);
            // What was kept of old versions would stand in the way.
            final boolean kept = !ModelVolume.below(volume.keys, key).isEmpty()
                    && (volume.versioned()
                            || ModelVolume.below(volume.keys, key).size() > 1
                            || volume.current(key).isEmpty());
            Refused.unless(!kept, Failure.NOT_EMPTY);
            assertThat(explicit || volume.current(key).isPresent()).isTrue();
            tree.removeEmpty(now, volume, key);
            volume.directories.remove(key);
        }
        Refused.unless(!volume.directories.containsKey(key), Failure.NOT_EMPTY);
        ModelTree.rekey(volume, from.keyOf(source), key);
    }

    private void moveFile(
            final long now,
            final String owner,
            final Place from,
            final Place to,
            final Child source,
            final Optional<Child> target,
            final byte[] name,
            final Reply reply) {
        Refused.unless(target.isEmpty() || !target.get().directory(), Failure.IS_A_DIRECTORY);
        Model.succeeded(reply);
        final ModelVolume volume = from.volume();
        final Key fromKey = from.keyOf(source);
        final ModelVersion file = volume.current(fromKey).orElseThrow();
        volume.remove(fromKey, file);
        if (volume.versioned()) {
            model.mark(now, volume, fromKey, owner);
        }
        volume.add(ModelPath.join(to.key(), name), file);
        touch(volume, file);
    }

    /** A file that takes a name of a versioned volume is its newest version. */
    private static void touch(final ModelVolume volume, final ModelVersion file) {
        file.generation = ModelVersion.UNKNOWN;
        file.homeless = file.links > 1;
        if (volume.versioned()) {
            file.order = ModelVersion.UNKNOWN;
            file.nullVersion = volume.versioning == Versioning.SUSPENDED;
        }
    }

    private void exchange(
            final long now,
            final RenameNode command,
            final Place from,
            final Place to,
            final Child source,
            final Optional<Child> target,
            final Reply reply) {
        Refused.unless(target.isPresent(), Failure.NOT_FOUND);
        final Child other = target.get();
        final long id = from.inodeOf(source);
        final long otherId = to.inodeOf(other);
        if (id == otherId) {
            return;
        }
        requireOneName(to, other);
        requireNoLoop(to, from, source);
        requireNoLoop(from, to, other);
        final ModelVolume volume = from.volume();
        if (source.directory() != other.directory()) {
            requireFree(to, other.name(), source.directory());
            requireFree(from, source.name(), other.directory());
        }
        Model.succeeded(reply);
        if (source.directory() && other.directory()) {
            final Key one = from.keyOf(source);
            final Key two = to.keyOf(other);
            final Key aside = Key.of(ASIDE);
            ModelTree.rekey(volume, one, aside);
            ModelTree.rekey(volume, two, one);
            ModelTree.rekey(volume, aside, two);
        } else if (source.directory()) {
            tradeDirectory(now, command.getOwner(), from, source, to, other);
        } else if (other.directory()) {
            tradeDirectory(now, command.getOwner(), to, other, from, source);
        } else {
            tradeFiles(volume, from.keyOf(source), to.keyOf(other));
        }
        renamed(from, source.name(), to, other.name(), id);
        renamed(to, other.name(), from, source.name(), otherId);
        assertThat(reply.getNode().getInode()).isEqualTo(id);
    }

    private static void requireFree(final Place place, final byte[] name, final boolean directory) {
        Refused.unless(directory || name.length > 0, Failure.INVALID_ARGUMENT);
        final boolean taken = directory
                ? place.volume().directories.containsKey(ModelPath.directoryKey(place.key(), name))
                : place.volume().current(ModelPath.join(place.key(), name)).isPresent();
        Refused.unless(!taken, Failure.ALREADY_EXISTS);
    }

    /** A directory goes where a file was and the file where the directory was. */
    private void tradeDirectory(
            final long now,
            final String owner,
            final Place directoryPlace,
            final Child directory,
            final Place filePlace,
            final Child file) {
        final ModelVolume volume = filePlace.volume();
        final Key fileKey = filePlace.keyOf(file);
        final ModelVersion moved = volume.current(fileKey).orElseThrow();
        volume.remove(fileKey, moved);
        if (volume.versioned()) {
            model.mark(now, volume, fileKey, owner);
        }
        ModelTree.rekey(volume, directoryPlace.keyOf(directory), ModelPath.directoryKey(filePlace.key(), file.name()));
        volume.add(ModelPath.join(directoryPlace.key(), directory.name()), moved);
        touch(volume, moved);
    }

    private static void tradeFiles(final ModelVolume volume, final Key one, final Key two) {
        final ModelVersion first = volume.current(one).orElseThrow();
        final ModelVersion second = volume.current(two).orElseThrow();
        place(volume, one, second);
        place(volume, two, first);
    }

    private static void place(final ModelVolume volume, final Key key, final ModelVersion file) {
        final List<ModelVersion> versions = new ArrayList<>(
                volume.versions(key).subList(1, volume.versions(key).size()));
        if (volume.versioning == Versioning.SUSPENDED) {
            versions.removeIf(version -> version.nullVersion);
        }
        versions.addFirst(file);
        volume.keys.put(key, versions);
        touch(volume, file);
    }
}
