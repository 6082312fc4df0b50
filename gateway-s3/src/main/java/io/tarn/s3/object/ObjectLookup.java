package io.tarn.s3.object;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.call.Caller;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HttpDate;
import java.util.Optional;

/** Finds versions of objects, and says in S3's terms why one is not found. Who may not list a bucket is not told what it lacks. */
final class ObjectLookup {
    private final ObjectStore objects;

    ObjectLookup(final ObjectStore objects) {
        this.objects = objects;
    }

    /** A version that is no delete marker, which the caller may use so. Fails with NoSuchKey, NoSuchVersion, AccessDenied. */
    ObjectInfo require(
            final Caller caller,
            final Volume bucket,
            final String key,
            final Optional<String> version,
            final Permission permission) {
        ObjectInfo object = find(caller, bucket, key, version);
        Access.require(caller, bucket, object, permission);
        return object;
    }

    /** A version that is no delete marker, with no look at its list. */
    ObjectInfo find(final Caller caller, final Volume bucket, final String key, final Optional<String> version) {
        Optional<ObjectInfo> object = objects.stat(bucket.id(), Key.of(key), version);
        if (object.isEmpty()) {
            throw missing(caller, bucket, key, version);
        }
        if (object.get().deleteMarker()) {
            throw new S3Exception(S3ErrorCode.METHOD_NOT_ALLOWED)
                    .with("Method", "GET")
                    .with("ResourceType", "DeleteMarker");
        }
        return object.get();
    }

    /** What a copy may read: the same, but AWS has an answer of its own for delete markers. */
    ObjectInfo requireSource(
            final Caller caller, final Volume bucket, final String key, final Optional<String> version) {
        Optional<ObjectInfo> object = objects.stat(bucket.id(), Key.of(key), version);
        if (object.isEmpty()) {
            throw missing(caller, bucket, key, version);
        }
        if (object.get().deleteMarker()) {
            throw Access.allows(caller, bucket, Permission.READ)
                    ? new S3Exception(
                            S3ErrorCode.INVALID_REQUEST,
                            "The source of a copy request may not specifically refer to a delete marker by version id.")
                    : new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        Access.require(caller, bucket, object.get(), Permission.READ);
        return object.get();
    }

    S3Exception missing(final Caller caller, final Volume bucket, final String key, final Optional<String> version) {
        if (!Access.allows(caller, bucket, Permission.READ)) {
            return new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        return version.isPresent()
                ? new S3Exception(S3ErrorCode.NO_SUCH_VERSION).with("Key", key).with("VersionId", version.get())
                : new S3Exception(S3ErrorCode.NO_SUCH_KEY).with("Key", key);
    }

    /** The answer to a read that found nothing, with the headers that tell of delete markers. */
    Reply missingReply(
            final Caller caller,
            final Volume bucket,
            final String key,
            final Optional<String> version,
            final boolean head) {
        Optional<ObjectInfo> marker = (version.isPresent()
                        ? objects.stat(bucket.id(), Key.of(key), version)
                        : objects.statAny(bucket.id(), Key.of(key)))
                .filter(ObjectInfo::deleteMarker);
        S3Exception error = missing(caller, bucket, key, version);
        boolean told = error.code() != S3ErrorCode.ACCESS_DENIED;
        if (told && marker.isPresent() && version.isPresent()) {
            error = new S3Exception(S3ErrorCode.METHOD_NOT_ALLOWED)
                    .with("Method", head ? "HEAD" : "GET")
                    .with("ResourceType", "DeleteMarker");
        }
        Reply reply = head ? Reply.of(error.httpStatus()) : Reply.error(error);
        if (told) {
            reply.header("x-amz-delete-marker", Boolean.toString(marker.isPresent()));
        }
        if (told && marker.isPresent()) {
            reply.header("x-amz-version-id", marker.get().version());
            if (version.isPresent()) {
                reply.header("Allow", "DELETE")
                        .header(
                                "Last-Modified",
                                HttpDate.format(Times.instant(marker.get().modifiedNanos())));
            }
        }
        return reply;
    }
}
