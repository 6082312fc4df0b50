package io.tarn.s3.object;

import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Acl;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.acl.AclRequests;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;

/** GetObjectAcl and PutObjectAcl. */
public final class ObjectAcls {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final ObjectLookup lookup;
    private final AclRequests requests;

    public ObjectAcls(final Buckets buckets, final ObjectStore objects, final AclRequests requests) {
        this.buckets = buckets;
        this.objects = objects;
        this.lookup = new ObjectLookup(objects);
        this.requests = requests;
    }

    public Reply get(final Call call) {
        Volume bucket = buckets.of(call);
        ObjectInfo object = find(call, bucket, Permission.READ_ACP);
        Reply reply = Reply.xml(
                AclDocument.write(Access.objectAcl(object, bucket), Access.ownerOf(object, bucket), bucket.tenant()));
        ObjectHeaders.version(reply, object);
        return reply;
    }

    public Reply put(final Call call) {
        Volume bucket = buckets.of(call);
        ObjectInfo object = find(call, bucket, Permission.WRITE_ACP);
        Access.requireLists(bucket);
        Acl acl = requests.read(call, object.owner(), bucket.qualifiedOwner());
        ObjectInfo changed = MetaChange.apply(
                objects,
                () -> find(call, bucket, Permission.WRITE_ACP),
                meta -> meta.withAcl(acl.toText(object.owner())));
        Reply reply = Reply.ok();
        ObjectHeaders.version(reply, changed);
        return reply;
    }

    private ObjectInfo find(final Call call, final Volume bucket, final Permission permission) {
        return lookup.require(
                call.caller(), bucket, call.request().key(), call.request().versionId(), permission);
    }
}
