package io.tarn.s3.gateway;

import io.tarn.client.Administration;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;
import io.tarn.s3.acl.AclRequests;
import io.tarn.s3.acl.CanonicalIds;
import io.tarn.s3.bucket.BucketAcls;
import io.tarn.s3.bucket.BucketOperations;
import io.tarn.s3.bucket.BucketOwnership;
import io.tarn.s3.bucket.BucketTagging;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.bucket.CreateBucket;
import io.tarn.s3.bucket.ListBuckets;
import io.tarn.s3.bucket.NotOffered;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.list.ListObjects;
import io.tarn.s3.list.ListUploads;
import io.tarn.s3.list.ListVersions;
import io.tarn.s3.multipart.AbortUpload;
import io.tarn.s3.multipart.CompleteUpload;
import io.tarn.s3.multipart.CreateUpload;
import io.tarn.s3.multipart.ListParts;
import io.tarn.s3.multipart.UploadPart;
import io.tarn.s3.multipart.UploadPartCopy;
import io.tarn.s3.object.CopyObject;
import io.tarn.s3.object.CopySources;
import io.tarn.s3.object.DeleteObject;
import io.tarn.s3.object.DeleteObjects;
import io.tarn.s3.object.NewObject;
import io.tarn.s3.object.ObjectAcls;
import io.tarn.s3.object.ObjectAttributes;
import io.tarn.s3.object.ObjectTagging;
import io.tarn.s3.object.PutObject;
import io.tarn.s3.object.ReadObject;
import io.tarn.s3.request.Operation;
import java.util.EnumMap;
import java.util.Map;

/** Who carries out which operation; what is not named here is {@link NotOffered}. */
final class Operations implements Handler {
    private final Map<Operation, Handler> handlers = new EnumMap<>(Operation.class);
    private final Handler notOffered;

    Operations(final TarnClient client, final S3Settings settings) {
        Administration administration = client.administration();
        ObjectStore objects = client.objects();
        var buckets = new Buckets(administration);
        var acls = new AclRequests(new CanonicalIds(administration));
        var newObject = new NewObject(administration);
        var sources = new CopySources(buckets, objects);
        notOffered = new NotOffered(buckets);
        handlers.put(Operation.LIST_BUCKETS, new ListBuckets(administration, settings.region()));
        buckets(administration, buckets, objects, acls, settings);
        listings(buckets, objects);
        objects(buckets, objects, newObject, sources, acls);
        uploads(buckets, objects, newObject, sources);
    }

    private void buckets(
            final Administration administration,
            final Buckets buckets,
            final ObjectStore objects,
            final AclRequests acls,
            final S3Settings settings) {
        var simple = new BucketOperations(administration, buckets, objects, settings.region());
        var tagging = new BucketTagging(administration, buckets);
        var bucketAcls = new BucketAcls(administration, buckets, acls);
        handlers.put(Operation.CREATE_BUCKET, new CreateBucket(administration, settings.region()));
        handlers.put(Operation.HEAD_BUCKET, simple::head);
        handlers.put(Operation.DELETE_BUCKET, simple::delete);
        handlers.put(Operation.GET_BUCKET_LOCATION, simple::location);
        handlers.put(Operation.GET_BUCKET_VERSIONING, simple::versioning);
        handlers.put(Operation.PUT_BUCKET_VERSIONING, simple::setVersioning);
        handlers.put(Operation.GET_BUCKET_REQUEST_PAYMENT, simple::requestPayment);
        handlers.put(Operation.GET_BUCKET_TAGGING, tagging::get);
        handlers.put(Operation.PUT_BUCKET_TAGGING, tagging::put);
        handlers.put(Operation.DELETE_BUCKET_TAGGING, tagging::delete);
        var ownership = new BucketOwnership(administration, buckets);
        handlers.put(Operation.GET_BUCKET_OWNERSHIP_CONTROLS, ownership::get);
        handlers.put(Operation.PUT_BUCKET_OWNERSHIP_CONTROLS, ownership::put);
        handlers.put(Operation.DELETE_BUCKET_OWNERSHIP_CONTROLS, ownership::delete);
        handlers.put(Operation.GET_BUCKET_ACL, bucketAcls::get);
        handlers.put(Operation.PUT_BUCKET_ACL, bucketAcls::put);
    }

    private void listings(final Buckets buckets, final ObjectStore objects) {
        var list = new ListObjects(buckets, objects);
        handlers.put(Operation.LIST_OBJECTS, list::version1);
        handlers.put(Operation.LIST_OBJECTS_V2, list::version2);
        handlers.put(Operation.LIST_OBJECT_VERSIONS, new ListVersions(buckets, objects));
        handlers.put(Operation.LIST_MULTIPART_UPLOADS, new ListUploads(buckets, objects));
    }

    private void objects(
            final Buckets buckets,
            final ObjectStore objects,
            final NewObject newObject,
            final CopySources sources,
            final AclRequests acls) {
        var read = new ReadObject(buckets, objects);
        var tagging = new ObjectTagging(buckets, objects);
        var objectAcls = new ObjectAcls(buckets, objects, acls);
        handlers.put(Operation.GET_OBJECT, read::get);
        handlers.put(Operation.HEAD_OBJECT, read::head);
        handlers.put(Operation.PUT_OBJECT, new PutObject(buckets, objects, newObject));
        handlers.put(Operation.COPY_OBJECT, new CopyObject(buckets, objects, newObject, sources));
        handlers.put(Operation.DELETE_OBJECT, new DeleteObject(buckets, objects));
        handlers.put(Operation.DELETE_OBJECTS, new DeleteObjects(buckets, objects));
        handlers.put(Operation.GET_OBJECT_ATTRIBUTES, new ObjectAttributes(buckets, objects));
        handlers.put(Operation.GET_OBJECT_TAGGING, tagging::get);
        handlers.put(Operation.PUT_OBJECT_TAGGING, tagging::put);
        handlers.put(Operation.DELETE_OBJECT_TAGGING, tagging::delete);
        handlers.put(Operation.GET_OBJECT_ACL, objectAcls::get);
        handlers.put(Operation.PUT_OBJECT_ACL, objectAcls::put);
    }

    private void uploads(
            final Buckets buckets, final ObjectStore objects, final NewObject newObject, final CopySources sources) {
        handlers.put(Operation.CREATE_MULTIPART_UPLOAD, new CreateUpload(buckets, objects, newObject));
        handlers.put(Operation.UPLOAD_PART, new UploadPart(buckets, objects));
        handlers.put(Operation.UPLOAD_PART_COPY, new UploadPartCopy(buckets, objects, sources));
        handlers.put(Operation.COMPLETE_MULTIPART_UPLOAD, new CompleteUpload(buckets, objects));
        handlers.put(Operation.ABORT_MULTIPART_UPLOAD, new AbortUpload(buckets, objects));
        handlers.put(Operation.LIST_PARTS, new ListParts(buckets, objects));
    }

    @Override
    public Reply handle(final Call call) {
        return handlers.getOrDefault(call.request().operation(), notOffered).handle(call);
    }
}
