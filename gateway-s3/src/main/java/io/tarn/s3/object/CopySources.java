package io.tarn.s3.object;

import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Conditions;
import io.tarn.s3.request.CopySource;
import java.util.Optional;

/** Finds what a copy reads from, checks that the caller may read it and that the conditions on it hold. */
public final class CopySources {
    public static final String HEADER = "x-amz-copy-source";

    private final Buckets buckets;
    private final ObjectLookup lookup;

    public CopySources(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.lookup = new ObjectLookup(objects);
    }

    /** The source. Fails with NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, PreconditionFailed. */
    public ObjectInfo open(final Call call, final CopySource named) {
        Optional<String> expectedOwner = call.request().header("x-amz-source-expected-bucket-owner");
        Volume bucket = buckets.named(named.bucket(), expectedOwner);
        ObjectInfo source = lookup.requireSource(call.caller(), bucket, named.key(), named.versionId());
        Conditions conditions = Conditions.ofCopySource(call.request().headers());
        if (conditions.evaluateCopySource(source.etag(), Times.instant(source.modifiedNanos()))
                == Conditions.Outcome.PRECONDITION_FAILED) {
            throw new S3Exception(S3ErrorCode.PRECONDITION_FAILED);
        }
        return source;
    }

    /** Names the version that was read. */
    public static void version(final Reply reply, final ObjectInfo source) {
        if (source.versioned()) {
            reply.header("x-amz-copy-source-version-id", source.version());
        }
    }
}
