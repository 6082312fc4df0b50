package io.tarn.s3.bucket;

import io.tarn.client.Administration;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Acl;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.acl.AclRequests;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;

/** GetBucketAcl and PutBucketAcl. */
public final class BucketAcls {
    private final Administration administration;
    private final Buckets buckets;
    private final AclRequests requests;

    public BucketAcls(final Administration administration, final Buckets buckets, final AclRequests requests) {
        this.administration = administration;
        this.buckets = buckets;
        this.requests = requests;
    }

    public Reply get(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.READ_ACP);
        return Reply.xml(AclDocument.write(Access.bucketAcl(bucket), bucket.qualifiedOwner(), bucket.tenant()));
    }

    public Reply put(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.WRITE_ACP);
        Access.requireLists(bucket);
        String owner = bucket.qualifiedOwner();
        Acl acl = requests.read(call, owner, owner);
        administration.changeVolume(bucket.name(), VolumeChange.ofAttribute(Access.BUCKET_ACL, acl.toText(owner)));
        return Reply.ok();
    }
}
