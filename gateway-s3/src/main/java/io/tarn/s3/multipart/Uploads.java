package io.tarn.s3.multipart;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Ownership;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.call.Call;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.S3Request;
import java.util.Optional;

/** Finds the upload a call is about. */
final class Uploads {
    /** Smallest part but the last. */
    static final long MIN_PART_BYTES = 5L * 1024 * 1024;

    /** Largest object. */
    static final long MAX_OBJECT_BYTES = 5L * 1024 * 1024 * 1024 * 1024;

    /** What every upload is checksummed with that names nothing else. */
    static final UploadChecksum DEFAULT_CHECKSUM = new UploadChecksum(ChecksumAlgorithm.CRC64NVME.name(), false);

    private final ObjectStore objects;

    Uploads(final ObjectStore objects) {
        this.objects = objects;
    }

    /** The open upload, for who started it and for the bucket's owner. Fails with NoSuchUpload, AccessDenied. */
    Upload require(final Call call, final Volume bucket) {
        return find(call, bucket).orElseThrow(() -> noSuchUpload(call.request()));
    }

    /** The same, if it is open. */
    Optional<Upload> find(final Call call, final Volume bucket) {
        Access.require(call.caller(), bucket, Permission.WRITE);
        Optional<Upload> upload =
                objects.upload(bucket.id(), Key.of(call.request().key()), id(call.request()));
        if (upload.isPresent()
                && !Access.owns(call.caller(), bucket)
                && !call.caller().isAnonymous()
                && !call.caller().is(upload.get().owner())
                && !startedForBucketOwner(bucket, upload.get())) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        return upload;
    }

    /** Who may write to such a bucket may go on with an upload that another began in its owner's name; nobody knows who that was. */
    private static boolean startedForBucketOwner(final Volume bucket, final Upload upload) {
        return Ownership.of(bucket) == Ownership.BUCKET_OWNER_PREFERRED
                && upload.owner().equals(bucket.qualifiedOwner());
    }

    static String id(final S3Request request) {
        return request.parameter("uploadId").orElse("");
    }

    static S3Exception noSuchUpload(final S3Request request) {
        return new S3Exception(S3ErrorCode.NO_SUCH_UPLOAD).with("UploadId", id(request));
    }

    static UploadChecksum checksumOf(final Upload upload) {
        return upload.checksum().orElse(DEFAULT_CHECKSUM);
    }

    static ChecksumAlgorithm algorithmOf(final Upload upload) {
        return ChecksumAlgorithm.valueOf(checksumOf(upload).algorithm());
    }

    static int partNumber(final S3Request request) {
        return request.partNumber().orElseThrow(() -> S3Request.badPartNumber(""));
    }
}
