package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Volume;
import io.tarn.s3.acl.CanonicalIds;
import io.tarn.s3.call.Call;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.BucketNames;
import java.util.Optional;

/** Finds the bucket a call is about. Thread-safe; served from memory. */
public final class Buckets {
    private final Administration administration;

    public Buckets(final Administration administration) {
        this.administration = administration;
    }

    /** The call's bucket. Fails with NoSuchBucket, InvalidBucketName if none could have that name, or AccessDenied if it is not owned by whom the client expects. */
    public Volume of(final Call call) {
        return named(call.request().bucket(), call.request().expectedBucketOwner());
    }

    /** A bucket by name, with the same failures. */
    public Volume named(final String name, final Optional<String> expectedOwner) {
        Volume bucket = administration.volume(name).orElseThrow(() -> noSuchBucket(name));
        if (expectedOwner.isPresent() && !isOwner(expectedOwner.get(), bucket)) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED);
        }
        return bucket;
    }

    private static S3Exception noSuchBucket(final String name) {
        S3ErrorCode code = BucketNames.isValid(name) ? S3ErrorCode.NO_SUCH_BUCKET : S3ErrorCode.INVALID_BUCKET_NAME;
        return new S3Exception(code).with("BucketName", name);
    }

    private static boolean isOwner(final String expected, final Volume bucket) {
        return expected.equals(CanonicalIds.idOf(bucket.qualifiedOwner(), bucket.tenant()))
                || expected.equals(CanonicalIds.idOf(bucket.qualifiedOwner(), ""))
                || expected.equals(bucket.qualifiedOwner());
    }
}
