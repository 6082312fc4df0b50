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
        return switch (answer(call.request().operation())) {
            case Answer.Refused refused ->
                throw new S3Exception(
                        S3ErrorCode.NOT_IMPLEMENTED,
                        "This server does not offer "
                                + call.request().operation().apiName() + ".");
            case Answer.Preflight preflight -> throw preflight(call);
            case Answer.NothingSet nothing ->
                throw new S3Exception(nothing.code())
                        .with("BucketName", owned(call).name());
            case Answer.NothingToDelete nothing -> {
                owned(call);
                yield Reply.noContent();
            }
            case Answer.Empty empty -> {
                owned(call);
                yield Reply.xml(new XmlWriter(128).openRoot(empty.root()).close(empty.root()));
            }
            case Answer.EmptyList list -> {
                owned(call);
                yield Reply.xml(new XmlWriter(128)
                        .openRoot(list.root())
                        .element("IsTruncated", false)
                        .close(list.root()));
            }
            case Answer.Torrent torrent -> {
                owned(call);
                throw new S3Exception(S3ErrorCode.NO_SUCH_KEY)
                        .with("Key", call.request().key());
            }
            case Answer.NoLock noLock -> {
                owned(call);
                throw new S3Exception(S3ErrorCode.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
            }
        };
    }

    /** What AWS answers where nothing is configured. */
    private sealed interface Answer {
        /** NotImplemented. */
        record Refused() implements Answer {}

        /** A browser asks whether it may. */
        record Preflight() implements Answer {}

        /** The error for a configuration that is not there. */
        record NothingSet(S3ErrorCode code) implements Answer {}

        /** Deleting what is not there succeeds. */
        record NothingToDelete() implements Answer {}

        /** A document that says nothing. */
        record Empty(String root) implements Answer {}

        /** A list of no configurations. */
        record EmptyList(String root) implements Answer {}

        /** AWS has taken torrents away and answers for every key that it does not exist. */
        record Torrent() implements Answer {}

        /** No bucket has object lock. */
        record NoLock() implements Answer {}
    }

    private Volume owned(final Call call) {
        Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        return bucket;
    }

    /** Sources: Amazon S3 User Guide, "Testing CORS"; the service's own answers. */
    private S3Exception preflight(final Call call) {
        if (call.request().header("origin").isEmpty()) {
            return new S3Exception(S3ErrorCode.BAD_REQUEST, "Insufficient information. Origin request header needed.");
        }
        Optional<String> method = call.request().header("access-control-request-method");
        if (method.isEmpty()) {
            return new S3Exception(S3ErrorCode.BAD_REQUEST, "Invalid Access-Control-Request-Method: null");
        }
        if (call.request().target().bucket().isPresent()) {
            buckets.of(call);
        }
        return new S3Exception(S3ErrorCode.ACCESS_FORBIDDEN, "CORSResponse: CORS is not enabled for this bucket.")
                .with("Method", method.get())
                .with("ResourceType", call.request().target().key().isPresent() ? "OBJECT" : "BUCKET");
    }

    private static Answer answer(final Operation operation) {
        return switch (operation) {
            case CORS_PREFLIGHT -> new Answer.Preflight();
            case GET_BUCKET_POLICY, GET_BUCKET_POLICY_STATUS -> nothing(S3ErrorCode.NO_SUCH_BUCKET_POLICY);
            case GET_BUCKET_CORS -> nothing(S3ErrorCode.NO_SUCH_CORS_CONFIGURATION);
            case GET_BUCKET_LIFECYCLE -> nothing(S3ErrorCode.NO_SUCH_LIFECYCLE_CONFIGURATION);
            case GET_BUCKET_ENCRYPTION -> nothing(S3ErrorCode.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_WEBSITE -> nothing(S3ErrorCode.NO_SUCH_WEBSITE_CONFIGURATION);
            case GET_BUCKET_REPLICATION -> nothing(S3ErrorCode.REPLICATION_CONFIGURATION_NOT_FOUND);
            case GET_PUBLIC_ACCESS_BLOCK -> nothing(S3ErrorCode.NO_SUCH_PUBLIC_ACCESS_BLOCK);
            case GET_OBJECT_LOCK_CONFIGURATION -> nothing(S3ErrorCode.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_ANALYTICS,
                    GET_BUCKET_INVENTORY,
                    GET_BUCKET_METRICS,
                    GET_BUCKET_INTELLIGENT_TIERING,
                    DELETE_BUCKET_ANALYTICS,
                    DELETE_BUCKET_INVENTORY,
                    DELETE_BUCKET_METRICS,
                    DELETE_BUCKET_INTELLIGENT_TIERING -> nothing(S3ErrorCode.NO_SUCH_CONFIGURATION);
            case DELETE_BUCKET_POLICY,
                    DELETE_BUCKET_CORS,
                    DELETE_BUCKET_LIFECYCLE,
                    DELETE_BUCKET_ENCRYPTION,
                    DELETE_BUCKET_WEBSITE,
                    DELETE_BUCKET_REPLICATION,
                    DELETE_PUBLIC_ACCESS_BLOCK -> new Answer.NothingToDelete();
            case GET_BUCKET_LOGGING -> new Answer.Empty("BucketLoggingStatus");
            case GET_BUCKET_NOTIFICATION -> new Answer.Empty("NotificationConfiguration");
            case GET_BUCKET_ACCELERATE -> new Answer.Empty("AccelerateConfiguration");
            case LIST_BUCKET_ANALYTICS -> new Answer.EmptyList("ListBucketAnalyticsConfigurationResult");
            case LIST_BUCKET_INVENTORY -> new Answer.EmptyList("ListInventoryConfigurationsResult");
            case LIST_BUCKET_METRICS -> new Answer.EmptyList("ListMetricsConfigurationsResult");
            case LIST_BUCKET_INTELLIGENT_TIERING ->
                new Answer.EmptyList("ListBucketIntelligentTieringConfigurationsOutput");
            case GET_OBJECT_RETENTION, GET_OBJECT_LEGAL_HOLD, PUT_OBJECT_RETENTION, PUT_OBJECT_LEGAL_HOLD ->
                new Answer.NoLock();
            case GET_OBJECT_TORRENT -> new Answer.Torrent();
            default -> new Answer.Refused();
        };
    }

    private static Answer nothing(final S3ErrorCode code) {
        return new Answer.NothingSet(code);
    }
}
