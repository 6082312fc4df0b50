package io.tarn.s3.object;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Deleted;
import io.tarn.client.Precondition;
import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.request.S3Request;
import java.util.Optional;

/** DeleteObject. What is not there is deleted already, whatever the conditions. */
public final class DeleteObject implements Handler {
    private final Buckets buckets;
    private final ObjectStore objects;

    public DeleteObject(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.WRITE);
        Deleted deleted =
                delete(objects, bucket, request.key(), request.versionId(), Preconditions.ofDelete(request.headers()));
        Reply reply = Reply.noContent();
        if (deleted.deleteMarker()) {
            reply.header("x-amz-delete-marker", "true");
        }
        return reply.header("x-amz-version-id", deleted.version());
    }

    static Deleted delete(
            final ObjectStore objects,
            final Volume bucket,
            final String key,
            final Optional<String> version,
            final Precondition precondition) {
        try {
            return objects.delete(bucket.id(), Key.of(key), version, bucket.qualifiedOwner(), precondition);
        } catch (StorageException failure) {
            if (failure.failure() == Failure.NOT_FOUND) {
                return new Deleted(false, version);
            }
            throw failure;
        }
    }
}
