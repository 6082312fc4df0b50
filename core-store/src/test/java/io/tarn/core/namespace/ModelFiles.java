package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.namespace.ModelPath.Child;
import io.tarn.core.namespace.ModelTree.Place;
import io.tarn.core.namespace.wire.CloseNode;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Concatenate;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.HoldNodes;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Run;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.SetXattr;
import io.tarn.core.namespace.wire.WriteContent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Bytes, attributes and open files by inode in the model. */
final class ModelFiles {
    private static final long MAX_BYTES = 16L << 40;

    private final Model model;
    private final ModelObjects objects;
    private final ModelTree tree;
    private final ModelEpisodes episodes;

    ModelFiles(final Model model, final ModelObjects objects) {
        this.model = model;
        this.objects = objects;
        this.tree = new ModelTree(model);
        this.episodes = new ModelEpisodes(model, tree);
    }

    void run(final long now, final Command command, final Reply reply) {
        final long session = command.getSession();
        switch (command.getBodyCase()) {
            case SET_ATTRIBUTES -> setAttributes(now, command.getSetAttributes(), reply);
            case WRITE_CONTENT -> write(now, command.getWriteContent(), session, reply);
            case SET_XATTR -> setXattr(command.getSetXattr(), reply);
            case OPEN_NODE -> open(command.getOpenNode(), session, reply);
            case HOLD_NODES -> hold(command.getHoldNodes(), session, reply);
            case CLOSE_NODE -> close(command.getCloseNode(), session);
            default -> concatenate(now, command.getConcatenate(), reply);
        }
    }

    private Optional<ModelVolume.Directory> directory(final long inode) {
        for (final ModelVolume volume : model.volumes.values()) {
            if (volume.root == inode) {
                return Optional.of(volume.rootDirectory);
            }
            final Optional<Key> key = ModelPath.directory(volume, inode);
            if (key.isPresent()) {
                return Optional.of(volume.directories.get(key.get()));
            }
        }
        return Optional.empty();
    }

    private ModelVolume volumeOfDirectory(final long inode) {
        return model.volumes.values().stream()
                .filter(volume -> ModelPath.directory(volume, inode).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private ModelVersion regular(final long inode) {
        Refused.unless(directory(inode).isEmpty(), Failure.IS_A_DIRECTORY);
        final ModelVersion file = model.file(inode).orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        Refused.unless(file.type == FileType.REGULAR, Failure.INVALID_ARGUMENT);
        return file;
    }

    /** A regular file that is no old version. */
    private ModelVersion writable(final long inode) {
        final ModelVersion file = regular(inode);
        final ModelVolume volume = model.volumeOf(file);
        final boolean archived = volume.keys.entrySet().stream()
                .anyMatch(entry -> entry.getValue().contains(file)
                        && volume.current(entry.getKey())
                                .filter(current -> current == file)
                                .isEmpty());
        Refused.unless(!archived, Failure.CONFLICT);
        return file;
    }

    /** What any change of a file's bytes comes with; {@code content} is what it holds now. */
    private void changed(
            final EventType type,
            final long now,
            final ModelVersion file,
            final ModelContent content,
            final Inode attributes) {
        file.content = content;
        file.modifiedNanos = now;
        file.object = file.object.toBuilder().clearChecksum().clearParts().build();
        assertThat(attributes.getContentGeneration()).isGreaterThan(file.contentGeneration);
        learn(file, attributes);
        event(type, file);
    }

    private static void learn(final ModelVersion file, final Inode attributes) {
        assertThat(attributes.getGeneration()).isGreaterThan(file.generation);
        assertThat(attributes.getSize()).isEqualTo(file.content.size());
        file.generation = attributes.getGeneration();
        file.contentGeneration = attributes.getContentGeneration();
    }

    private void event(final EventType type, final ModelVersion file) {
        model.event(type, model.volumeOf(file).id, 0, new byte[0], file.inode, file.content.size());
    }

    private void setAttributes(final long now, final SetAttributes command, final Reply reply) {
        final Optional<ModelVolume.Directory> directory = directory(command.getInode());
        Refused.unless(directory.isPresent() || model.file(command.getInode()).isPresent(), Failure.NOT_FOUND);
        if (command.getHasSize()) {
            model.leases.requireCurrent(command.getInode(), command.getLeaseEpoch());
            resize(now, writable(command.getInode()), command.getSize(), reply);
        }
        Model.succeeded(reply);
        if (directory.isPresent()) {
            if (command.getHasMode()) {
                directory.get().mode = command.getMode() & 07777;
            }
            model.event(
                    EventType.ATTRIBUTES,
                    volumeOfDirectory(command.getInode()).id,
                    0,
                    new byte[0],
                    command.getInode(),
                    0);
            return;
        }
        final ModelVersion file = model.file(command.getInode()).orElseThrow();
        setMeta(now, file, command);
        if (!command.getHasSize()) {
            learn(file, reply.getNode().getAttributes());
            event(EventType.ATTRIBUTES, file);
        }
    }

    private static void setMeta(final long now, final ModelVersion file, final SetAttributes command) {
        file.mode = command.getHasMode() ? command.getMode() & 07777 : file.mode;
        file.uid = command.getHasOwner() ? command.getUid() : file.uid;
        file.gid = command.getHasGroup() ? command.getGid() : file.gid;
        if (command.getHasAtime()) {
            file.accessedNanos = command.getAtimeNow() ? now : command.getAtimeNanos();
        }
        if (command.getHasMtime()) {
            file.modifiedNanos = command.getMtimeNow() ? now : command.getMtimeNanos();
        }
    }

    private void resize(final long now, final ModelVersion file, final long size, final Reply reply) {
        Refused.unless(size >= 0 && size <= MAX_BYTES, Failure.TOO_LARGE);
        final long before = file.content.size();
        episodes.begin(file, size - before);
        Model.succeeded(reply);
        final ModelContent content = size <= before
                ? file.content.cut(0, size)
                : ModelContent.join(List.of(file.content, ModelContent.hole(size - before)));
        changed(EventType.TRUNCATED, now, file, content, reply.getNode().getAttributes());
    }

    private void write(final long now, final WriteContent command, final long session, final Reply reply) {
        final ModelVersion file = writable(command.getInode());
        model.leases.requireCurrent(command.getInode(), command.getLeaseEpoch());
        final long before = file.content.size();
        final long offset = command.getAppend() ? before : command.getOffset();
        ModelContent content = file.content;
        if (command.hasContent()) {
            Refused.unless(!command.getKeepSize(), Failure.INVALID_ARGUMENT);
            final ModelContent written = content(command.getContent(), file, session);
            final List<Run> runs = command.getRunsCount() > 0
                    ? command.getRunsList()
                    : List.of(Run.newBuilder()
                            .setOffset(offset)
                            .setLength(written.size())
                            .build());
            long at = 0;
            for (final Run run : runs) {
                requireRange(run.getOffset(), run.getLength());
                content = put(content, run.getOffset(), written.cut(at, run.getLength()), run.getLength());
                at += run.getLength();
            }
            Refused.unless(at == written.size(), Failure.INVALID_ARGUMENT);
        } else {
            requireRange(offset, command.getHoleLength());
            final long length = command.getKeepSize()
                    ? Math.max(0, Math.min(command.getHoleLength(), before - offset))
                    : command.getHoleLength();
            if (length > 0 || !command.getKeepSize()) {
                content = put(content, offset, ModelContent.hole(length), length);
            }
        }
        if (command.getAttributes().getHasSize()) {
            assertThat(reply.getFailure()).isIn(Failure.INVALID_ARGUMENT.name(), Failure.QUOTA_EXCEEDED.name());
            throw new Refused(Failure.valueOf(reply.getFailure()));
        }
        episodes.begin(file, content.size() - before);
        Model.succeeded(reply);
        assertThat(reply.getNode().getOffset()).isEqualTo(offset);
        changed(EventType.CONTENT, now, file, content, reply.getNode().getAttributes());
        setMeta(now, file, command.getAttributes());
        close(file, command.getClosing(), session);
    }

    /** A run may be longer than what is left of its content: the command fails then, after it was worked out. */
    private static ModelContent put(
            final ModelContent content, final long offset, final ModelContent bytes, final long length) {
        final ModelContent whole = bytes.size() < length
                ? ModelContent.join(List.of(bytes, ModelContent.hole(length - bytes.size())))
                : bytes;
        return content.with(offset, whole);
    }

    private static void requireRange(final long offset, final long length) {
        Refused.unless(offset >= 0 && length >= 0 && offset <= MAX_BYTES - length, Failure.TOO_LARGE);
    }

    private ModelContent content(final NewContent content, final ModelVersion target, final long session) {
        final ModelVolume volume = model.volumeOf(target);
        if (content.getCloneInode() != 0) {
            final ModelVersion source = model.file(content.getCloneInode())
                    .filter(file -> file.type == FileType.REGULAR
                            && file.contentGeneration == content.getCloneContentGeneration())
                    .orElseThrow(() -> new Refused(Failure.CONFLICT));
            Refused.unless(model.volumeOf(source) == volume, Failure.CROSS_VOLUME);
        }
        return objects.content(content, volume.id, session);
    }

    private void setXattr(final SetXattr command, final Reply reply) {
        final Optional<ModelVolume.Directory> directory = directory(command.getInode());
        final Optional<ModelVersion> file = model.file(command.getInode());
        Refused.unless(directory.isPresent() || file.isPresent(), Failure.NOT_FOUND);
        final TreeMap<Key, ByteString> attributes =
                directory.isPresent() ? directory.get().xattrs : file.orElseThrow().xattrs;
        final Key name = Key.of(command.getName().toByteArray());
        final boolean there = attributes.containsKey(name);
        Refused.unless(name.length() <= 255, Failure.TOO_LARGE);
        Refused.unless(!there || !command.getCreateOnly(), Failure.ALREADY_EXISTS);
        Refused.unless(!name.isEmpty(), Failure.INVALID_ARGUMENT);
        Refused.unless(there || !(command.getReplaceOnly() || command.getRemove()), Failure.NOT_FOUND);
        Model.succeeded(reply);
        if (command.getRemove()) {
            attributes.remove(name);
        } else {
            attributes.put(name, command.getValue());
        }
        if (file.isPresent()) {
            learn(file.get(), reply.getNode().getAttributes());
            event(EventType.XATTR, file.get());
        } else {
            model.event(
                    EventType.XATTR, volumeOfDirectory(command.getInode()).id, 0, new byte[0], command.getInode(), 0);
        }
    }

    private void open(final OpenNode command, final long session, final Reply reply) {
        Refused.unless(directory(command.getInode()).isEmpty(), Failure.IS_A_DIRECTORY);
        final ModelVersion file = model.file(command.getInode()).orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        Model.succeeded(reply);
        file.hold(session, command.getWriting());
        assertThat(reply.getNode().getAttributes().getSize()).isEqualTo(file.content.size());
    }

    private void hold(final HoldNodes command, final long session, final Reply reply) {
        Model.succeeded(reply);
        final List<Boolean> held = new ArrayList<>();
        for (final long inode : command.getInodesList()) {
            final Optional<ModelVersion> file = model.file(inode);
            file.ifPresent(found -> found.hold(session, false));
            held.add(file.isPresent());
        }
        assertThat(reply.getHeldNodes().getHeldList()).isEqualTo(held);
    }

    private void close(final CloseNode command, final long session) {
        final ModelVersion file = model.file(command.getInode())
                .filter(found -> found.opens.containsKey(session))
                .orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        close(file, command.getClosing(), session);
    }

    private static void close(final ModelVersion file, final Closing closing, final long session) {
        final ModelVersion.Held held = file.opens.getOrDefault(session, ModelVersion.Held.NOT);
        final long kept = closing.getKeepReading() && held.writing() > 0 ? 1 : 0;
        final ModelVersion.Held left = new ModelVersion.Held(
                kept + less(held.reading(), closing.getReading()), less(held.writing(), closing.getWriting()));
        if (left.equals(ModelVersion.Held.NOT)) {
            file.opens.remove(session);
        } else {
            file.opens.put(session, left);
        }
        file.episode &= file.writers() > 0;
    }

    private static long less(final long held, final long given) {
        return given < 0 ? 0 : Math.max(0, held - given);
    }

    private void concatenate(final long now, final Concatenate command, final Reply reply) {
        final ModelVersion target = writable(command.getTarget());
        model.leases.requireCurrent(command.getTarget(), command.getLeaseEpoch());
        final ModelVolume volume = model.volumeOf(target);
        final List<ModelContent> contents = new ArrayList<>(List.of(target.content));
        final List<Key> keys = new ArrayList<>();
        final Set<Key> names = new HashSet<>();
        for (final NodeName name : command.getSourcesList()) {
            final Place place = placeOrNothing(name.getParent());
            final Child child = place.require(name.getName());
            final Key key = place.keyOf(child);
            final ModelVersion source = regular(place.inodeOf(child));
            final boolean sound = source != target && place.volume() == volume && names.add(key);
            Refused.unless(sound, Failure.INVALID_ARGUMENT);
            contents.add(source.content);
            keys.add(key);
        }
        final ModelContent joined = ModelContent.join(contents);
        final long grown = joined.size() - target.content.size();
        if (reply.getFailure().equals(Failure.QUOTA_EXCEEDED.name())) {
            // The sources are given up first; how much that frees is worked out nowhere, only that it is not negative.
            tree.requireGrowth(volume, grown + target.content.size(), 1);
        }
        Model.succeeded(reply);
        episodes.beginWithin(target);
        assertThat(reply.getNode().getOffset()).isEqualTo(target.content.size());
        keys.forEach(key -> tree.unlink(now, volume, key, command.getOwner()));
        changed(EventType.CONTENT, now, target, joined, reply.getNode().getAttributes());
    }

    private Place placeOrNothing(final long directory) {
        try {
            return tree.place(directory);
        } catch (final Refused nowhere) {
            throw new Refused(Failure.NOT_FOUND);
        }
    }
}
