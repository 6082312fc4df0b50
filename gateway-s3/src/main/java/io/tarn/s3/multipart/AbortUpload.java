package io.tarn.s3.multipart;

import io.tarn.client.ObjectStore;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;

/** AbortMultipartUpload. */
public final class AbortUpload implements Handler {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final Uploads uploads;

    public AbortUpload(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.uploads = new Uploads(objects);
    }

    @Override
    public Reply handle(final Call call) {
        objects.abort(uploads.require(call, buckets.of(call)));
        return Reply.noContent();
    }
}
