package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Checksum;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.AbortUpload;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.CompleteUpload;
import io.tarn.core.namespace.wire.CreateRoot;
import io.tarn.core.namespace.wire.CreateUpload;
import io.tarn.core.namespace.wire.DeleteObject;
import io.tarn.core.namespace.wire.DropVolume;
import io.tarn.core.namespace.wire.ForgetUploads;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.PartReference;
import io.tarn.core.namespace.wire.PreconditionRecord;
import io.tarn.core.namespace.wire.PutObject;
import io.tarn.core.namespace.wire.PutPart;
import io.tarn.core.namespace.wire.SetObjectAttributes;
import io.tarn.core.namespace.wire.SetTenantQuota;
import io.tarn.core.namespace.wire.SetVolumePolicy;
import io.tarn.core.namespace.wire.TrimFeed;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.List;
import java.util.Optional;

/** Builds the commands that clients propose; session and sequence are added by who sends them. */
public final class NamespaceCommands {
    private NamespaceCommands() {}

    /** Drops a bounded number of a volume's events: those before a moment, and those beyond the newest {@code keepEvents}. */
    public static Command.Builder trimFeed(final long volume, final long beforeNanos, final long keepEvents) {
        return Command.newBuilder()
                .setTrimFeed(TrimFeed.newBuilder()
                        .setVolume(volume)
                        .setBeforeNanos(beforeNanos)
                        .setKeepEvents(keepEvents));
    }

    /** Forgets a bounded number of uploads that were completed before a moment. */
    public static Command.Builder forgetUploads(final long completedBeforeNanos) {
        return Command.newBuilder()
                .setForgetUploads(ForgetUploads.newBuilder().setCompletedBeforeNanos(completedBeforeNanos));
    }

    public static Command.Builder putObject(
            final long volume,
            final Key key,
            final Principal owner,
            final NewContent content,
            final String etag,
            final ObjectMeta meta,
            final Precondition precondition) {
        return Command.newBuilder()
                .setPutObject(PutObject.newBuilder()
                        .setVolume(volume)
                        .setKey(bytes(key))
                        .setUid(owner.uid())
                        .setGid(owner.gid())
                        .setContent(content)
                        .setObject(ObjectInfos.attributes(meta).setEtag(etag).setOwner(owner.qualifiedName()))
                        .setPrecondition(record(precondition)));
    }

    public static Command.Builder deleteObject(
            final long volume,
            final Key key,
            final Optional<String> version,
            final String owner,
            final Precondition precondition) {
        return Command.newBuilder()
                .setDeleteObject(DeleteObject.newBuilder()
                        .setVolume(volume)
                        .setKey(bytes(key))
                        .setVersion(version.orElse(""))
                        .setOwner(owner)
                        .setPrecondition(record(precondition)));
    }

    public static Command.Builder setAttributes(final ObjectInfo expected, final ObjectMeta meta) {
        return Command.newBuilder()
                .setSetObjectAttributes(SetObjectAttributes.newBuilder()
                        .setVolume(expected.volume())
                        .setKey(bytes(expected.key()))
                        .setInode(expected.inode())
                        .setExpectedGeneration(expected.generation())
                        .setObject(ObjectInfos.attributes(meta)));
    }

    public static Command.Builder createUpload(
            final long volume,
            final Key key,
            final Principal owner,
            final ObjectMeta meta,
            final Optional<UploadChecksum> checksum) {
        final UploadRecord.Builder upload = UploadRecord.newBuilder()
                .setKey(bytes(key))
                .setOwner(owner.qualifiedName())
                .setUid(owner.uid())
                .setGid(owner.gid())
                .setObject(ObjectInfos.attributes(meta).setOwner(owner.qualifiedName()));
        checksum.ifPresent(
                wanted -> upload.setChecksumAlgorithm(wanted.algorithm()).setChecksumComposite(wanted.composite()));
        return Command.newBuilder()
                .setCreateUpload(CreateUpload.newBuilder().setVolume(volume).setUpload(upload));
    }

    public static Command.Builder putPart(
            final Upload upload,
            final int number,
            final NewContent content,
            final String etag,
            final Optional<String> checksum) {
        return Command.newBuilder()
                .setPutPart(PutPart.newBuilder()
                        .setVolume(upload.volume())
                        .setKey(bytes(upload.key()))
                        .setUpload(number(upload))
                        .setNumber(number)
                        .setContent(content)
                        .setEtag(etag)
                        .setChecksum(checksum.orElse("")));
    }

    public static Command.Builder completeUpload(
            final Upload upload,
            final List<Part> parts,
            final String etag,
            final Optional<Checksum> checksum,
            final Precondition precondition) {
        final CompleteUpload.Builder complete = CompleteUpload.newBuilder()
                .setVolume(upload.volume())
                .setKey(bytes(upload.key()))
                .setUpload(number(upload))
                .setEtag(etag)
                .setPrecondition(record(precondition));
        parts.forEach(part -> complete.addParts(
                PartReference.newBuilder().setNumber(part.number()).setEtag(part.etag())));
        checksum.ifPresent(given -> complete.setChecksum(ObjectInfos.record(given)));
        return Command.newBuilder().setCompleteUpload(complete);
    }

    public static Command.Builder abortUpload(final Upload upload) {
        return Command.newBuilder()
                .setAbortUpload(AbortUpload.newBuilder()
                        .setVolume(upload.volume())
                        .setKey(bytes(upload.key()))
                        .setUpload(number(upload)));
    }

    public static String uploadId(final long number) {
        return Uploads.id(number);
    }

    public static Command.Builder createRoot(
            final long volume,
            final String tenant,
            final int uid,
            final int gid,
            final Quota quota,
            final Versioning versioning) {
        return createRoot(volume, tenant, uid, gid, quota, versioning, /* spans= */ false);
    }

    /** @param spans whether directories of the volume may come to lie in other shards */
    public static Command.Builder createRoot(
            final long volume,
            final String tenant,
            final int uid,
            final int gid,
            final Quota quota,
            final Versioning versioning,
            final boolean spans) {
        return Command.newBuilder()
                .setCreateRoot(CreateRoot.newBuilder()
                        .setVolume(volume)
                        .setTenant(tenant)
                        .setUid(uid)
                        .setGid(gid)
                        .setMode(Directories.IMPLIED_MODE)
                        .setVersioning(VersioningCodes.of(versioning))
                        .setQuotaBytes(quota.bytes())
                        .setQuotaInodes(quota.inodes())
                        .setSpans(spans));
    }

    public static Command.Builder setVolumePolicy(final long volume, final Quota quota, final Versioning versioning) {
        return setVolumePolicy(volume, quota, versioning, /* spans= */ false);
    }

    /** @param spans whether directories of the volume may come to lie in other shards; never taken back */
    public static Command.Builder setVolumePolicy(
            final long volume, final Quota quota, final Versioning versioning, final boolean spans) {
        return Command.newBuilder()
                .setSetVolumePolicy(SetVolumePolicy.newBuilder()
                        .setVolume(volume)
                        .setVersioning(VersioningCodes.of(versioning))
                        .setQuotaBytes(quota.bytes())
                        .setQuotaInodes(quota.inodes())
                        .setSpans(spans));
    }

    public static Command.Builder setTenantQuota(final String tenant, final Quota quota) {
        return Command.newBuilder()
                .setSetTenantQuota(SetTenantQuota.newBuilder()
                        .setTenant(tenant)
                        .setBytes(quota.bytes())
                        .setInodes(quota.inodes()));
    }

    public static Command.Builder dropVolume(final long volume) {
        return Command.newBuilder().setDropVolume(DropVolume.newBuilder().setVolume(volume));
    }

    private static long number(final Upload upload) {
        return Uploads.number(upload.id())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no upload " + upload.id()));
    }

    private static ByteString bytes(final Key key) {
        return ByteString.copyFrom(key.toByteArray());
    }

    private static PreconditionRecord record(final Precondition precondition) {
        if (precondition.equals(Precondition.NONE)) {
            return PreconditionRecord.getDefaultInstance();
        }
        final PreconditionRecord.Builder record = PreconditionRecord.newBuilder()
                .addAllIfMatch(precondition.ifMatch())
                .addAllIfNoneMatch(precondition.ifNoneMatch());
        precondition.ifSize().ifPresent(size -> record.setHasSize(true).setSize(size));
        precondition.ifModifiedNanos().ifPresent(nanos -> record.setHasModified(true)
                .setModifiedNanos(nanos));
        return record.build();
    }
}
