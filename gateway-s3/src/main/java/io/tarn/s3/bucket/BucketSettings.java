package io.tarn.s3.bucket;

/** Names of the volume attributes in which the S3 front end keeps what only it understands. */
final class BucketSettings {
    /** Tags, coded like a query. */
    static final String TAGS = "s3.tags";

    /** The location constraint the bucket was created with. */
    static final String REGION = "s3.region";

    private BucketSettings() {}
}
