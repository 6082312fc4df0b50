package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CompleteUpload;
import io.tarn.core.namespace.wire.CreateUpload;
import io.tarn.core.namespace.wire.DeleteObject;
import io.tarn.core.namespace.wire.ForgetUploads;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.PartReference;
import io.tarn.core.namespace.wire.PreconditionRecord;
import io.tarn.core.namespace.wire.PutObject;
import io.tarn.core.namespace.wire.PutPart;
import io.tarn.core.namespace.wire.SetObjectAttributes;
import io.tarn.core.namespace.wire.TextEntry;
import io.tarn.core.namespace.wire.TrimFeed;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Commands on objects, uploads and volumes, most of them sensible in the state that the model is in. */
final class RandomCommands {
    static final int VOLUMES = 3;
    private static final List<String> ETAGS = List.of("", "etag-1", "etag-2", "etag-3");
    private static final int SLACK_BYTES = 200;
    private static final int SLACK_INODES = 5;
    private static final int PARTS = 4;

    private final Random random;
    private final Model model;
    private final RandomContents contents;

    RandomCommands(final Random random, final Model model, final RandomContents contents) {
        this.random = random;
        this.model = model;
        this.contents = contents;
    }

    boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }

    <T> Optional<T> any(final List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
    }

    private long volumeId() {
        return 1 + random.nextInt(VOLUMES + (oneIn(200) ? 1 : 0));
    }

    static String tenantOf(final long volume) {
        return volume == VOLUMES ? "other" : "tenant";
    }

    private static ByteString bytes(final Key key) {
        return ByteString.copyFrom(key.toByteArray());
    }

    Command.Builder next(final long session, final long now) {
        final int dice = random.nextInt(100);
        final long volume = volumeId();
        final Key key = NastyKeys.key(random);
        if (dice < 36) {
            return put(volume, key, session);
        } else if (dice < 62) {
            return delete(volume, key);
        } else if (dice < 68) {
            return setAttributes(volume);
        } else if (dice < 95) {
            return upload(volume, key, session, now);
        } else if (dice < 97) {
            return policy(volume);
        }
        return switch (random.nextInt(4)) {
            case 0 ->
                NamespaceCommands.setTenantQuota(
                        tenantOf(volume),
                        quota(model.volumes.containsKey(volume) ? usageOfTenant(volume) : new Usage(0, 0)));
            case 1 ->
                NamespaceCommands.createRoot(
                        volume, tenantOf(volume), 1, 1, Quota.NONE, Versioning.values()[random.nextInt(3)]);
            case 2 -> NamespaceCommands.dropVolume(volume);
            default ->
                Command.newBuilder()
                        .setTrimFeed(TrimFeed.newBuilder()
                                .setVolume(volume)
                                .setBeforeNanos(now - random.nextInt(2_000_000_000))
                                .setKeepEvents(random.nextInt(500)));
        };
    }

    private Usage usageOfTenant(final long volume) {
        return model.volumes.values().stream()
                .filter(other -> other.tenant.equals(tenantOf(volume)))
                .map(ModelVolume::usage)
                .reduce(new Usage(0, 0), (a, b) -> new Usage(a.bytes() + b.bytes(), a.inodes() + b.inodes()));
    }

    private Quota quota(final Usage usage) {
        return oneIn(3)
                ? new Quota(usage.bytes() + random.nextInt(SLACK_BYTES), usage.inodes() + random.nextInt(SLACK_INODES))
                : Quota.NONE;
    }

    private Command.Builder policy(final long volume) {
        final Versioning versioning = Versioning.values()[random.nextInt(3)];
        final Usage usage =
                model.volumes.containsKey(volume) ? model.volumes.get(volume).usage() : new Usage(0, 0);
        return NamespaceCommands.setVolumePolicy(volume, quota(usage), versioning);
    }

    private Command.Builder put(final long volume, final Key key, final long session) {
        return Command.newBuilder()
                .setPutObject(PutObject.newBuilder()
                        .setVolume(volume)
                        .setKey(bytes(key))
                        .setContent(contents.next(volume, session))
                        .setObject(attributes().setEtag(etag()))
                        .setPrecondition(precondition(volume, key)));
    }

    private String etag() {
        return ETAGS.get(random.nextInt(ETAGS.size()));
    }

    private ObjectAttributes.Builder attributes() {
        final ObjectAttributes.Builder object =
                ObjectAttributes.newBuilder().setOwner("tenant/user" + random.nextInt(3));
        if (oneIn(3)) {
            object.addTags(TextEntry.newBuilder().setName("t").setValue("v" + random.nextInt(9)));
        }
        return object;
    }

    private PreconditionRecord precondition(final long volume, final Key key) {
        final PreconditionRecord.Builder record = PreconditionRecord.newBuilder();
        final Optional<ModelVersion> current =
                Optional.ofNullable(model.volumes.get(volume)).flatMap(found -> found.current(key));
        switch (random.nextInt(20)) {
            case 0 ->
                record.addIfMatch(
                        current.filter(v -> !oneIn(3)).map(ModelVersion::etag).orElse("etag-2"));
            case 1 -> record.addIfNoneMatch("*");
            case 2 -> record.addIfMatch("*");
            case 3 -> record.addIfNoneMatch("etag-1").addIfNoneMatch("etag-2");
            case 4 ->
                record.setHasSize(true)
                        .setSize(current.map(v -> v.content.size()).orElse(7L) + (oneIn(3) ? 1 : 0));
            case 5 ->
                record.setHasModified(true)
                        .setModifiedNanos(current.map(v -> v.modifiedNanos).orElse(7L) + random.nextInt(2_000_000_000));
            default -> {
                // Most commands have no condition.
            }
        }
        return record.build();
    }

    private Command.Builder delete(final long volume, final Key key) {
        final DeleteObject.Builder delete = DeleteObject.newBuilder()
                .setVolume(volume)
                .setKey(bytes(key))
                .setOwner("tenant/user" + random.nextInt(3))
                .setPrecondition(precondition(volume, key));
        final List<ModelVersion> versions =
                model.volumes.containsKey(volume) ? model.volumes.get(volume).versions(key) : List.of();
        switch (random.nextInt(9)) {
            case 0 -> delete.setVersion("null");
            case 1, 2, 3, 4 -> any(versions).ifPresent(version -> delete.setVersion(version.version()));
            case 5 ->
                delete.setVersion(
                        switch (random.nextInt(3)) {
                            case 0 -> "%016x".formatted(random.nextInt(1 << 20));
                            case 1 -> "no version";
                            default ->
                                "%016x"
                                        .formatted(
                                                any(versions).map(v -> v.order).orElse(1L));
                        });
            default -> {
                // The current version.
            }
        }
        return Command.newBuilder().setDeleteObject(delete);
    }

    private Command.Builder setAttributes(final long volume) {
        final SetObjectAttributes.Builder set =
                SetObjectAttributes.newBuilder().setVolume(volume).setObject(attributes());
        final ModelVolume found = model.volumes.get(volume);
        if (found != null) {
            any(List.copyOf(found.keys.keySet())).ifPresent(key -> {
                set.setKey(bytes(key));
                any(found.versions(key)).ifPresent(version -> set.setInode(version.inode)
                        .setExpectedGeneration(version.generation - (oneIn(3) ? 1 : 0)));
            });
        }
        return Command.newBuilder().setSetObjectAttributes(set);
    }

    private Command.Builder upload(final long volume, final Key key, final long session, final long now) {
        final List<Map.Entry<Long, ModelVolume.Upload>> uploads = model.volumes.containsKey(volume)
                ? new ArrayList<>(model.volumes.get(volume).uploads.entrySet())
                : List.of();
        final Optional<Map.Entry<Long, ModelVolume.Upload>> chosen = any(uploads);
        if (chosen.isEmpty() || uploads.size() < 12 && oneIn(5)) {
            return Command.newBuilder()
                    .setCreateUpload(CreateUpload.newBuilder()
                            .setVolume(volume)
                            .setUpload(UploadRecord.newBuilder()
                                    .setKey(bytes(key))
                                    .setOwner("tenant/user")
                                    .setObject(attributes())));
        }
        final long id = chosen.get().getKey();
        final ModelVolume.Upload upload = chosen.get().getValue();
        final ByteString itsKey = bytes(oneIn(30) ? key : upload.key);
        return switch (random.nextInt(12)) {
            case 0 -> {
                final Command.Builder abort = Command.newBuilder();
                abort.getAbortUploadBuilder().setVolume(volume).setKey(itsKey).setUpload(id);
                yield abort;
            }
            case 1, 2, 3 -> complete(volume, itsKey, id, upload);
            case 4 ->
                Command.newBuilder()
                        .setForgetUploads(ForgetUploads.newBuilder()
                                .setCompletedBeforeNanos(now - random.nextInt(2_000_000_000)));
            default ->
                Command.newBuilder()
                        .setPutPart(PutPart.newBuilder()
                                .setVolume(volume)
                                .setKey(itsKey)
                                .setUpload(id)
                                .setNumber(1 + random.nextInt(PARTS))
                                .setContent(contents.next(volume, session))
                                .setEtag(etag()));
        };
    }

    private Command.Builder complete(
            final long volume, final ByteString key, final long id, final ModelVolume.Upload upload) {
        final CompleteUpload.Builder complete = CompleteUpload.newBuilder()
                .setVolume(volume)
                .setKey(key)
                .setUpload(id)
                .setEtag("etag-" + random.nextInt(4) + "-2")
                .setPrecondition(precondition(volume, Key.of(key.toByteArray())));
        upload.parts.forEach((number, part) -> {
            if (!oneIn(6)) {
                complete.addParts(PartReference.newBuilder()
                        .setNumber(number)
                        .setEtag(oneIn(15) ? "wrong" : part.record().getEtag()));
            }
        });
        return Command.newBuilder().setCompleteUpload(complete);
    }
}
