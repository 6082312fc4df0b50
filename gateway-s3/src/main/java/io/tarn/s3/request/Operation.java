package io.tarn.s3.request;

import java.util.Locale;

/**
 * Every operation of the S3 API, offered or not: what is known but not offered must answer NotImplemented, so it has to have a
 * name. The router compares (level, method, sub-resource); the last group is told from its neighbour by a header or parameter.
 *
 * <p>Source: Amazon S3 API Reference, "Actions, Amazon S3".
 */
public enum Operation {
    LIST_BUCKETS(Level.SERVICE, "GET", ""),
    LIST_OBJECTS(Level.BUCKET, "GET", ""),
    CREATE_BUCKET(Level.BUCKET, "PUT", ""),
    DELETE_BUCKET(Level.BUCKET, "DELETE", ""),
    HEAD_BUCKET(Level.BUCKET, "HEAD", ""),
    POST_OBJECT(Level.BUCKET, "POST", ""),
    LIST_OBJECTS_V2(Level.BUCKET, "GET", "list-type"),
    LIST_OBJECT_VERSIONS(Level.BUCKET, "GET", "versions"),
    LIST_MULTIPART_UPLOADS(Level.BUCKET, "GET", "uploads"),
    DELETE_OBJECTS(Level.BUCKET, "POST", "delete"),
    GET_BUCKET_LOCATION(Level.BUCKET, "GET", "location"),
    GET_BUCKET_VERSIONING(Level.BUCKET, "GET", "versioning"),
    PUT_BUCKET_VERSIONING(Level.BUCKET, "PUT", "versioning"),
    GET_BUCKET_TAGGING(Level.BUCKET, "GET", "tagging"),
    PUT_BUCKET_TAGGING(Level.BUCKET, "PUT", "tagging"),
    DELETE_BUCKET_TAGGING(Level.BUCKET, "DELETE", "tagging"),
    GET_BUCKET_ACL(Level.BUCKET, "GET", "acl"),
    PUT_BUCKET_ACL(Level.BUCKET, "PUT", "acl"),
    GET_BUCKET_POLICY(Level.BUCKET, "GET", "policy"),
    PUT_BUCKET_POLICY(Level.BUCKET, "PUT", "policy"),
    DELETE_BUCKET_POLICY(Level.BUCKET, "DELETE", "policy"),
    GET_BUCKET_POLICY_STATUS(Level.BUCKET, "GET", "policyStatus"),
    GET_BUCKET_CORS(Level.BUCKET, "GET", "cors"),
    PUT_BUCKET_CORS(Level.BUCKET, "PUT", "cors"),
    DELETE_BUCKET_CORS(Level.BUCKET, "DELETE", "cors"),
    GET_BUCKET_LIFECYCLE(Level.BUCKET, "GET", "lifecycle"),
    PUT_BUCKET_LIFECYCLE(Level.BUCKET, "PUT", "lifecycle"),
    DELETE_BUCKET_LIFECYCLE(Level.BUCKET, "DELETE", "lifecycle"),
    GET_BUCKET_ENCRYPTION(Level.BUCKET, "GET", "encryption"),
    PUT_BUCKET_ENCRYPTION(Level.BUCKET, "PUT", "encryption"),
    DELETE_BUCKET_ENCRYPTION(Level.BUCKET, "DELETE", "encryption"),
    GET_BUCKET_WEBSITE(Level.BUCKET, "GET", "website"),
    PUT_BUCKET_WEBSITE(Level.BUCKET, "PUT", "website"),
    DELETE_BUCKET_WEBSITE(Level.BUCKET, "DELETE", "website"),
    GET_BUCKET_LOGGING(Level.BUCKET, "GET", "logging"),
    PUT_BUCKET_LOGGING(Level.BUCKET, "PUT", "logging"),
    GET_BUCKET_NOTIFICATION(Level.BUCKET, "GET", "notification"),
    PUT_BUCKET_NOTIFICATION(Level.BUCKET, "PUT", "notification"),
    GET_BUCKET_REPLICATION(Level.BUCKET, "GET", "replication"),
    PUT_BUCKET_REPLICATION(Level.BUCKET, "PUT", "replication"),
    DELETE_BUCKET_REPLICATION(Level.BUCKET, "DELETE", "replication"),
    GET_BUCKET_REQUEST_PAYMENT(Level.BUCKET, "GET", "requestPayment"),
    PUT_BUCKET_REQUEST_PAYMENT(Level.BUCKET, "PUT", "requestPayment"),
    GET_BUCKET_ACCELERATE(Level.BUCKET, "GET", "accelerate"),
    PUT_BUCKET_ACCELERATE(Level.BUCKET, "PUT", "accelerate"),
    GET_BUCKET_ANALYTICS(Level.BUCKET, "GET", "analytics"),
    PUT_BUCKET_ANALYTICS(Level.BUCKET, "PUT", "analytics"),
    DELETE_BUCKET_ANALYTICS(Level.BUCKET, "DELETE", "analytics"),
    GET_BUCKET_INVENTORY(Level.BUCKET, "GET", "inventory"),
    PUT_BUCKET_INVENTORY(Level.BUCKET, "PUT", "inventory"),
    DELETE_BUCKET_INVENTORY(Level.BUCKET, "DELETE", "inventory"),
    GET_BUCKET_METRICS(Level.BUCKET, "GET", "metrics"),
    PUT_BUCKET_METRICS(Level.BUCKET, "PUT", "metrics"),
    DELETE_BUCKET_METRICS(Level.BUCKET, "DELETE", "metrics"),
    GET_BUCKET_INTELLIGENT_TIERING(Level.BUCKET, "GET", "intelligent-tiering"),
    PUT_BUCKET_INTELLIGENT_TIERING(Level.BUCKET, "PUT", "intelligent-tiering"),
    DELETE_BUCKET_INTELLIGENT_TIERING(Level.BUCKET, "DELETE", "intelligent-tiering"),
    GET_BUCKET_OWNERSHIP_CONTROLS(Level.BUCKET, "GET", "ownershipControls"),
    PUT_BUCKET_OWNERSHIP_CONTROLS(Level.BUCKET, "PUT", "ownershipControls"),
    DELETE_BUCKET_OWNERSHIP_CONTROLS(Level.BUCKET, "DELETE", "ownershipControls"),
    GET_PUBLIC_ACCESS_BLOCK(Level.BUCKET, "GET", "publicAccessBlock"),
    PUT_PUBLIC_ACCESS_BLOCK(Level.BUCKET, "PUT", "publicAccessBlock"),
    DELETE_PUBLIC_ACCESS_BLOCK(Level.BUCKET, "DELETE", "publicAccessBlock"),
    GET_OBJECT_LOCK_CONFIGURATION(Level.BUCKET, "GET", "object-lock"),
    PUT_OBJECT_LOCK_CONFIGURATION(Level.BUCKET, "PUT", "object-lock"),
    GET_BUCKET_ABAC(Level.BUCKET, "GET", "abac"),
    PUT_BUCKET_ABAC(Level.BUCKET, "PUT", "abac"),
    CREATE_SESSION(Level.BUCKET, "GET", "session"),
    GET_BUCKET_METADATA_TABLE(Level.BUCKET, "GET", "metadataTable"),
    CREATE_BUCKET_METADATA_TABLE(Level.BUCKET, "POST", "metadataTable"),
    DELETE_BUCKET_METADATA_TABLE(Level.BUCKET, "DELETE", "metadataTable"),
    GET_BUCKET_METADATA(Level.BUCKET, "GET", "metadataConfiguration"),
    CREATE_BUCKET_METADATA(Level.BUCKET, "POST", "metadataConfiguration"),
    DELETE_BUCKET_METADATA(Level.BUCKET, "DELETE", "metadataConfiguration"),
    UPDATE_BUCKET_METADATA_INVENTORY_TABLE(Level.BUCKET, "PUT", "metadataInventoryTable"),
    UPDATE_BUCKET_METADATA_JOURNAL_TABLE(Level.BUCKET, "PUT", "metadataJournalTable"),
    GET_OBJECT(Level.OBJECT, "GET", ""),
    HEAD_OBJECT(Level.OBJECT, "HEAD", ""),
    PUT_OBJECT(Level.OBJECT, "PUT", ""),
    DELETE_OBJECT(Level.OBJECT, "DELETE", ""),
    CREATE_MULTIPART_UPLOAD(Level.OBJECT, "POST", "uploads"),
    LIST_PARTS(Level.OBJECT, "GET", "uploadId"),
    UPLOAD_PART(Level.OBJECT, "PUT", "uploadId"),
    COMPLETE_MULTIPART_UPLOAD(Level.OBJECT, "POST", "uploadId"),
    ABORT_MULTIPART_UPLOAD(Level.OBJECT, "DELETE", "uploadId"),
    GET_OBJECT_ATTRIBUTES(Level.OBJECT, "GET", "attributes"),
    GET_OBJECT_ACL(Level.OBJECT, "GET", "acl"),
    PUT_OBJECT_ACL(Level.OBJECT, "PUT", "acl"),
    GET_OBJECT_TAGGING(Level.OBJECT, "GET", "tagging"),
    PUT_OBJECT_TAGGING(Level.OBJECT, "PUT", "tagging"),
    DELETE_OBJECT_TAGGING(Level.OBJECT, "DELETE", "tagging"),
    GET_OBJECT_RETENTION(Level.OBJECT, "GET", "retention"),
    PUT_OBJECT_RETENTION(Level.OBJECT, "PUT", "retention"),
    GET_OBJECT_LEGAL_HOLD(Level.OBJECT, "GET", "legal-hold"),
    PUT_OBJECT_LEGAL_HOLD(Level.OBJECT, "PUT", "legal-hold"),
    GET_OBJECT_TORRENT(Level.OBJECT, "GET", "torrent"),
    RESTORE_OBJECT(Level.OBJECT, "POST", "restore"),
    SELECT_OBJECT_CONTENT(Level.OBJECT, "POST", "select"),
    RENAME_OBJECT(Level.OBJECT, "PUT", "renameObject"),
    UPDATE_OBJECT_ENCRYPTION(Level.OBJECT, "PUT", "encryption"),
    COPY_OBJECT(Level.OBJECT, "PUT", ""),
    UPLOAD_PART_COPY(Level.OBJECT, "PUT", "uploadId"),
    LIST_BUCKET_ANALYTICS(Level.BUCKET, "GET", "analytics"),
    LIST_BUCKET_INVENTORY(Level.BUCKET, "GET", "inventory"),
    LIST_BUCKET_METRICS(Level.BUCKET, "GET", "metrics"),
    LIST_BUCKET_INTELLIGENT_TIERING(Level.BUCKET, "GET", "intelligent-tiering"),
    CORS_PREFLIGHT(Level.SERVICE, "OPTIONS", ""),
    WRITE_GET_OBJECT_RESPONSE(Level.SERVICE, "POST", "");

    /** What an operation acts on, which is how far the request's path reaches. */
    public enum Level {
        /** The whole service: the path is {@code /}. */
        SERVICE,
        /** A bucket and what is configured on it. */
        BUCKET,
        /** One object or one multipart upload. */
        OBJECT
    }

    private final Level level;
    private final String method;
    private final String subResource;

    Operation(final Level level, final String method, final String subResource) {
        this.level = level;
        this.method = method;
        this.subResource = subResource;
    }

    /** The name in the API reference, for example {@code PutBucketPolicy}. */
    public String apiName() {
        var text = new StringBuilder();
        for (String word : name().split("_", -1)) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    /** What the operation acts on. */
    public Level level() {
        return level;
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The query parameter that selects the operation; empty if none does. */
    public String subResource() {
        return subResource;
    }
}
