package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Acl;
import io.tarn.s3.acl.Ownership;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.xml.OwnershipControls;
import io.tarn.s3.xml.XmlWriter;
import java.util.Optional;

/** GetBucketOwnershipControls, PutBucketOwnershipControls and DeleteBucketOwnershipControls. */
public final class BucketOwnership {
    private final Administration administration;
    private final Buckets buckets;

    public BucketOwnership(final Administration administration, final Buckets buckets) {
        this.administration = administration;
        this.buckets = buckets;
    }

    /** OwnershipControlsNotFoundError where nothing is set. */
    public Reply get(final Call call) {
        final Volume bucket = owned(call);
        final Ownership ownership = Ownership.setOn(bucket)
                .orElseThrow(() ->
                        new S3Exception(S3ErrorCode.OWNERSHIP_CONTROLS_NOT_FOUND).with("BucketName", bucket.name()));
        return Reply.xml(new XmlWriter(256)
                .openRoot("OwnershipControls")
                .open("Rule")
                .element("ObjectOwnership", ownership.text())
                .close("Rule")
                .close("OwnershipControls"));
    }

    /** Lists cannot be put out of force while the bucket's own gives anything to others. */
    public Reply put(final Call call) {
        final Volume bucket = owned(call);
        final Ownership ownership = Ownership.byText(
                        OwnershipControls.parse(Documents.read(call)).objectOwnership())
                .orElseThrow(() -> new S3Exception(S3ErrorCode.MALFORMED_XML));
        final Acl ownerOnly = Acl.ownerOnly(bucket.qualifiedOwner());
        if (ownership == Ownership.BUCKET_OWNER_ENFORCED
                && !Access.bucketAcl(bucket).equals(ownerOnly)) {
            throw new S3Exception(S3ErrorCode.INVALID_BUCKET_ACL_WITH_OWNERSHIP);
        }
        administration.changeVolume(
                bucket.name(), VolumeChange.ofAttribute(Ownership.ATTRIBUTE, Optional.of(ownership.text())));
        return Reply.ok();
    }

    /** What is not set can be deleted as well. */
    public Reply delete(final Call call) {
        final Volume bucket = owned(call);
        administration.changeVolume(bucket.name(), VolumeChange.ofAttribute(Ownership.ATTRIBUTE, Optional.empty()));
        return Reply.noContent();
    }

    private Volume owned(final Call call) {
        final Volume bucket = buckets.of(call);
        Access.requireOwner(call.caller(), bucket);
        return bucket;
    }
}
