package io.tarn.s3.bucket;

import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Operation;
import io.tarn.s3.xml.XmlWriter;
import java.util.Optional;

/**
 * What S3 has and this server has not. Reading a configuration that can never have been set answers what AWS answers where
 * nothing is set; everything else is NotImplemented, never a silent success.
 */
public final class NotOffered implements Handler {
    private final Buckets buckets;

    public NotOffered(final Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public Reply handle(final Call call) {
        if (call.request().operation() == Operation.CORS_PREFLIGHT) {
            throw preflight(call);
        }
        Optional<S3ErrorCode> nothingSet = nothingSet(call);
        Optional<String> emptyDocument = emptyDocument(call);
        if (nothingSet.isEmpty() && emptyDocument.isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.NOT_IMPLEMENTED,
                    "This server does not offer " + call.request().operation().name() + ".");
        }
        Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        if (nothingSet.isPresent()) {
            throw new S3Exception(nothingSet.get()).with("BucketName", bucket.name());
        }
        String root = emptyDocument.get();
        return Reply.xml(new XmlWriter(128).openRoot(root).close(root));
    }

    private static S3Exception preflight(final Call call) {
        return call.request().header("origin").isEmpty()
                ? new S3Exception(S3ErrorCode.BAD_REQUEST, "Insufficient information. Origin request header needed.")
                : new S3Exception(S3ErrorCode.ACCESS_DENIED, "CORSResponse: CORS is not enabled for this bucket.");
    }

    private static Optional<S3ErrorCode> nothingSet(final Call call) {
        return switch (call.request().operation()) {
            case GET_BUCKET_POLICY, GET_BUCKET_POLICY_STATUS -> Optional.of(S3ErrorCode.NO_SUCH_BUCKET_POLICY);
            case GET_BUCKET_CORS -> Optional.of(S3ErrorCode.NO_SUCH_CORS_CONFIGURATION);
            case GET_BUCKET_LIFECYCLE -> Optional.of(S3ErrorCode.NO_SUCH_LIFECYCLE_CONFIGURATION);
            case GET_BUCKET_ENCRYPTION -> Optional.of(S3ErrorCode.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_WEBSITE -> Optional.of(S3ErrorCode.NO_SUCH_WEBSITE_CONFIGURATION);
            case GET_BUCKET_REPLICATION -> Optional.of(S3ErrorCode.REPLICATION_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_OWNERSHIP_CONTROLS -> Optional.of(S3ErrorCode.OWNERSHIP_CONTROLS_NOT_FOUND);
            case GET_PUBLIC_ACCESS_BLOCK -> Optional.of(S3ErrorCode.NO_SUCH_PUBLIC_ACCESS_BLOCK);
            case GET_OBJECT_LOCK_CONFIGURATION -> Optional.of(S3ErrorCode.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_ANALYTICS, GET_BUCKET_INVENTORY, GET_BUCKET_METRICS, GET_BUCKET_INTELLIGENT_TIERING ->
                Optional.of(S3ErrorCode.NO_SUCH_CONFIGURATION);
            case GET_OBJECT_RETENTION, GET_OBJECT_LEGAL_HOLD ->
                Optional.of(S3ErrorCode.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
            // AWS has taken torrents away and answers so for every key
            case GET_OBJECT_TORRENT -> Optional.of(S3ErrorCode.NO_SUCH_KEY);
            default -> Optional.empty();
        };
    }

    private static Optional<String> emptyDocument(final Call call) {
        return switch (call.request().operation()) {
            case GET_BUCKET_LOGGING -> Optional.of("BucketLoggingStatus");
            case GET_BUCKET_NOTIFICATION -> Optional.of("NotificationConfiguration");
            case GET_BUCKET_ACCELERATE -> Optional.of("AccelerateConfiguration");
            default -> Optional.empty();
        };
    }
}
