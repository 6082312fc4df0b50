package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.client.Usage;
import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.AbortUpload;
import io.tarn.core.namespace.wire.CompleteUpload;
import io.tarn.core.namespace.wire.CompletedPartList;
import io.tarn.core.namespace.wire.CompletedPartRecord;
import io.tarn.core.namespace.wire.CompletedParts;
import io.tarn.core.namespace.wire.CreateUpload;
import io.tarn.core.namespace.wire.ForgetUploads;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.PartReference;
import io.tarn.core.namespace.wire.PutPart;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Multipart uploads in the model. */
final class ModelUploads {
    private final Model model;
    private final ModelObjects objects;

    ModelUploads(final Model model, final ModelObjects objects) {
        this.model = model;
        this.objects = objects;
    }

    void create(final long now, final CreateUpload command, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        Model.succeeded(reply);
        assertThat(reply.getId().getTimeNanos()).isEqualTo(now);
        final long id = reply.getId().getId();
        assertThat(volume.uploads.isEmpty() ? 0 : volume.uploads.lastKey()).isLessThan(id);
        volume.uploads.put(
                id,
                new ModelVolume.Upload(
                        Key.of(command.getUpload().getKey().toByteArray()),
                        command.getUpload().toBuilder().setInitiatedNanos(now).build()));
    }

    private static ModelVolume.Upload open(final ModelVolume volume, final long id, final byte[] key) {
        return found(volume, id, key)
                .filter(upload -> upload.completed.isEmpty())
                .orElseThrow(() -> new Refused(Failure.NOT_FOUND));
    }

    private static Optional<ModelVolume.Upload> found(final ModelVolume volume, final long id, final byte[] key) {
        return Optional.ofNullable(volume.uploads.get(id)).filter(upload -> upload.key.equals(Key.of(key)));
    }

    void putPart(final long now, final PutPart command, final long session, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        final ModelVolume.Upload upload =
                open(volume, command.getUpload(), command.getKey().toByteArray());
        final ModelContent content = objects.content(command.getContent(), volume.id, session);
        final ModelVolume.Part before = upload.parts.get(command.getNumber());
        final PartRecord record = PartRecord.newBuilder()
                .setInode(reply.getPart().getPart().getInode())
                .setSize(content.size())
                .setEtag(command.getEtag())
                .setModifiedNanos(now)
                .setChecksum(command.getChecksum())
                .build();
        upload.parts.put(command.getNumber(), new ModelVolume.Part(record, content));
        try {
            objects.requireRoom(volume, content.size(), new Usage(0, 0));
        } catch (final Refused refused) {
            if (before == null) {
                upload.parts.remove(command.getNumber());
            } else {
                upload.parts.put(command.getNumber(), before);
            }
            throw refused;
        }
        Model.succeeded(reply);
        model.newInode(record.getInode());
        assertThat(reply.getPart().getPart()).isEqualTo(record);
    }

    void complete(final long now, final CompleteUpload command, final Reply reply) {
        final ModelVolume volume = model.volume(command.getVolume());
        final ModelVolume.Upload upload = found(
                        volume, command.getUpload(), command.getKey().toByteArray())
                .orElseThrow(() -> new Refused(Failure.NOT_FOUND));
        if (upload.completed.isPresent()) {
            assertThat(reply).isEqualTo(upload.completed.get());
            return;
        }
        final List<ModelContent> contents = new ArrayList<>();
        final ObjectAttributes.Builder object =
                upload.record.getObject().toBuilder().setEtag(command.getEtag());
        if (command.hasChecksum()) {
            object.setChecksum(command.getChecksum());
        }
        final CompletedPartList.Builder listed = CompletedPartList.newBuilder();
        for (final PartReference wanted : command.getPartsList()) {
            final ModelVolume.Part part = upload.parts.get(wanted.getNumber());
            Refused.unless(part != null && part.record().getEtag().equals(wanted.getEtag()), Failure.CONFLICT);
            contents.add(part.content());
            listed.addParts(CompletedPartRecord.newBuilder()
                    .setNumber(wanted.getNumber())
                    .setSize(part.content().size())
                    .setChecksum(part.record().getChecksum()));
        }
        object.setParts(CompletedParts.newBuilder()
                .setCount(listed.getPartsCount())
                .setList(listed.build().toByteString()));
        final Usage given = new Usage(
                upload.parts.values().stream()
                        .mapToLong(part -> part.content().size())
                        .sum(),
                upload.parts.size());
        objects.install(
                now,
                volume,
                command.getKey(),
                object.build(),
                command.getPrecondition(),
                () -> ModelContent.join(contents),
                given,
                reply);
        upload.parts.clear();
        upload.completed = Optional.of(reply);
        upload.completedNanos = now;
    }

    void abort(final AbortUpload command) {
        final ModelVolume volume = model.volume(command.getVolume());
        open(volume, command.getUpload(), command.getKey().toByteArray());
        volume.uploads.remove(command.getUpload());
    }

    void forget(final long now, final ForgetUploads command) {
        model.volumes.values().forEach(volume -> volume.uploads
                .values()
                .removeIf(upload -> upload.completed.isPresent()
                        && upload.completedNanos < Math.min(now, command.getCompletedBeforeNanos())));
    }
}
