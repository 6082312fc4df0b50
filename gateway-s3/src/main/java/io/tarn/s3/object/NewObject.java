package io.tarn.s3.object;

import io.tarn.client.Administration;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Principal;
import io.tarn.client.User;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.AclHeaders;
import io.tarn.s3.acl.CanonicalIds;
import io.tarn.s3.acl.Ownership;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Caller;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.ContentHeaders;
import io.tarn.s3.request.ObjectTags;
import io.tarn.s3.request.UserMetadata;
import io.tarn.s3.wire.HeaderView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the headers of a PUT, COPY or CreateMultipartUpload say of the object to be. */
public final class NewObject {
    private static final Set<String> STORAGE_CLASSES = Set.of(
            "STANDARD",
            "REDUCED_REDUNDANCY",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER",
            "DEEP_ARCHIVE",
            "GLACIER_IR",
            "EXPRESS_ONEZONE");

    private static final List<String> NOT_OFFERED = List.of(
            "x-amz-server-side-encryption",
            "x-amz-server-side-encryption-aws-kms-key-id",
            "x-amz-server-side-encryption-context",
            "x-amz-server-side-encryption-bucket-key-enabled",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-customer-key",
            "x-amz-copy-source-server-side-encryption-customer-algorithm",
            "x-amz-object-lock-mode",
            "x-amz-object-lock-retain-until-date",
            "x-amz-object-lock-legal-hold",
            "x-amz-write-offset-bytes");

    private final Administration administration;
    private final AclHeaders acls;

    public NewObject(final Administration administration) {
        this.administration = administration;
        this.acls = new AclHeaders(new CanonicalIds(administration));
    }

    /**
     * A new object before its bytes.
     *
     * @param bucket where it goes
     * @param owner whom it will belong to
     * @param meta what the headers say of it
     */
    public record Plan(Volume bucket, Principal owner, ObjectMeta meta) {}

    /** Finds the bucket, checks that the caller may write there, and reads the headers. */
    public Plan plan(final Call call, final Buckets buckets) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.WRITE);
        HeaderView headers = call.request().headers();
        refuseNotOffered(headers);
        Principal owner = owner(call.caller(), bucket, headers);
        return new Plan(bucket, owner, meta(headers, owner, bucket));
    }

    /** Fails with NotImplemented if a header asks for what would otherwise be silently left undone. */
    public static void refuseNotOffered(final HeaderView headers) {
        for (String name : NOT_OFFERED) {
            if (headers.first(name).isPresent()) {
                throw new S3Exception(S3ErrorCode.NOT_IMPLEMENTED)
                        .with("Header", name)
                        .with("additionalMessage", name + " is not offered by this server");
            }
        }
    }

    /**
     * Whom a new object belongs to: anonymous callers and administrators write for the bucket's owner, and everybody does where the
     * bucket's {@link Ownership} has it so.
     */
    private Principal owner(final Caller caller, final Volume bucket, final HeaderView headers) {
        Optional<Principal> principal = caller.principal();
        if (principal.isPresent() && !principal.get().root() && !goesToBucketOwner(bucket, headers)) {
            return principal.get();
        }
        User owner = administration
                .user(bucket.tenant(), bucket.owner())
                .orElseThrow(() -> new S3Exception(S3ErrorCode.ACCESS_DENIED));
        return new Principal(owner.tenant(), owner.name(), owner.uid(), owner.gid(), owner.groups(), false);
    }

    private static boolean goesToBucketOwner(final Volume bucket, final HeaderView headers) {
        return switch (Ownership.of(bucket)) {
            case BUCKET_OWNER_ENFORCED -> true;
            case BUCKET_OWNER_PREFERRED -> AclHeaders.givesToBucketOwner(headers);
            case OBJECT_WRITER -> false;
        };
    }

    /** Everything the headers say; no checksum, for that comes with the bytes. */
    private ObjectMeta meta(final HeaderView headers, final Principal owner, final Volume bucket) {
        return new ObjectMeta(
                contentHeaders(headers),
                UserMetadata.parse(headers),
                headers.first("x-amz-tagging").map(ObjectTags::parseHeader).orElse(Map.of()),
                storageClass(headers),
                acl(headers, owner, bucket),
                Optional.empty());
    }

    static Map<String, String> contentHeaders(final HeaderView headers) {
        var stored = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> header : ContentHeaders.of(headers).toHeaders()) {
            stored.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return stored;
    }

    static Optional<String> storageClass(final HeaderView headers) {
        Optional<String> asked = headers.first("x-amz-storage-class");
        if (asked.isPresent() && !STORAGE_CLASSES.contains(asked.get())) {
            throw new S3Exception(S3ErrorCode.INVALID_STORAGE_CLASS).with("StorageClassRequested", asked.get());
        }
        return asked.filter(name -> !name.equals(ObjectHeaders.DEFAULT_STORAGE_CLASS));
    }

    Optional<String> acl(final HeaderView headers, final Principal owner, final Volume bucket) {
        if (Ownership.of(bucket) == Ownership.BUCKET_OWNER_ENFORCED) {
            if (!AclHeaders.asksForBucketOwnerOnly(headers)) {
                throw new S3Exception(S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
            return Optional.empty();
        }
        String name = owner.qualifiedName();
        return acls.parse(headers, name, bucket.qualifiedOwner()).flatMap(acl -> acl.toText(name));
    }
}
