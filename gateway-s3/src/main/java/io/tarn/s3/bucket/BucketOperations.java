package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Key;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.xml.VersioningConfiguration;
import io.tarn.s3.xml.XmlWriter;
import java.util.Optional;

/** The small operations on a bucket: head, delete, location, versioning, and who pays for requests. */
public final class BucketOperations {
    /** The region whose buckets have no location constraint. */
    static final String DEFAULT_REGION = "us-east-1";

    private static final int UPLOAD_PAGE = 1000;

    private final Administration administration;
    private final Buckets buckets;
    private final ObjectStore objects;
    private final String region;

    public BucketOperations(
            final Administration administration,
            final Buckets buckets,
            final ObjectStore objects,
            final String region) {
        this.objects = objects;
        this.administration = administration;
        this.buckets = buckets;
        this.region = region;
    }

    /** HeadBucket. */
    public Reply head(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.READ);
        return Reply.ok().header("x-amz-bucket-region", regionOf(bucket));
    }

    /** DeleteBucket; BucketNotEmpty while any version is in it. Unfinished uploads go with the bucket, as on AWS. */
    public Reply delete(final Call call) {
        Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        try {
            administration.deleteVolume(bucket.name());
        } catch (StorageException failure) {
            if (failure.failure() != Failure.NOT_EMPTY || !abortUploads(bucket)) {
                throw failure;
            }
            administration.deleteVolume(bucket.name());
        }
        return Reply.noContent();
    }

    /** Gives up all uploads if nothing else is in the bucket; tells whether it did. */
    private boolean abortUploads(final Volume bucket) {
        Optional<String> noVersion = Optional.empty();
        if (!objects.listVersions(bucket.id(), Key.EMPTY, Key.EMPTY, Key.EMPTY, noVersion, 1)
                .entries()
                .isEmpty()) {
            return false;
        }
        UploadListing page = uploads(bucket);
        while (!page.uploads().isEmpty()) {
            page.uploads().forEach(objects::abort);
            page = uploads(bucket);
        }
        return true;
    }

    private UploadListing uploads(final Volume bucket) {
        return objects.uploads(bucket.id(), Key.EMPTY, Key.EMPTY, Key.EMPTY, Optional.empty(), UPLOAD_PAGE);
    }

    /** GetBucketLocation; empty for us-east-1, as on AWS. */
    public Reply location(final Call call) {
        Volume bucket = owned(call);
        String location = regionOf(bucket);
        return Reply.xml(new XmlWriter(256)
                .openRoot("LocationConstraint")
                .text(location.equals(DEFAULT_REGION) ? "" : location)
                .close("LocationConstraint"));
    }

    /** GetBucketVersioning. */
    public Reply versioning(final Call call) {
        Volume bucket = owned(call);
        var xml = new XmlWriter(256).openRoot("VersioningConfiguration");
        switch (bucket.versioning()) {
            case OFF -> {
                // AWS says nothing where nothing was ever set
            }
            case ENABLED -> xml.element("Status", "Enabled");
            case SUSPENDED -> xml.element("Status", "Suspended");
        }
        return Reply.xml(xml.close("VersioningConfiguration"));
    }

    /** PutBucketVersioning. */
    public Reply setVersioning(final Call call) {
        Volume bucket = owned(call);
        VersioningConfiguration configuration = VersioningConfiguration.parse(Documents.read(call));
        if (configuration.mfaDelete().orElse(false)) {
            throw new S3Exception(S3ErrorCode.NOT_IMPLEMENTED, "MFA delete is not offered by this server.");
        }
        Versioning versioning =
                switch (configuration.status()) {
                    case ENABLED -> Versioning.ENABLED;
                    case SUSPENDED -> Versioning.SUSPENDED;
                };
        administration.changeVolume(bucket.name(), VolumeChange.ofVersioning(versioning));
        return Reply.ok();
    }

    /** GetBucketRequestPayment: always the owner. */
    public Reply requestPayment(final Call call) {
        owned(call);
        return Reply.xml(new XmlWriter(256)
                .openRoot("RequestPaymentConfiguration")
                .element("Payer", "BucketOwner")
                .close("RequestPaymentConfiguration"));
    }

    private Volume owned(final Call call) {
        Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        return bucket;
    }

    private String regionOf(final Volume bucket) {
        return Optional.ofNullable(bucket.attributes().get(BucketSettings.REGION))
                .orElse(region);
    }
}
