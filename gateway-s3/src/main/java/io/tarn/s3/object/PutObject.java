package io.tarn.s3.object;

import io.tarn.client.Content;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Md5;
import io.tarn.s3.payload.Payload;
import io.tarn.s3.request.S3Request;

/**
 * PutObject. Everything the head can be refused for is refused before a byte of the body is asked for.
 *
 * <p>Cost: each piece of the body is read by MD5 and one checksum and copied once, by the store's writer; one commit.
 */
public final class PutObject implements Handler {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final NewObject newObject;

    public PutObject(final Buckets buckets, final ObjectStore objects, final NewObject newObject) {
        this.buckets = buckets;
        this.objects = objects;
        this.newObject = newObject;
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        NewObject.Plan plan = newObject.plan(call, buckets);
        Precondition precondition = Preconditions.ofWrite(request.headers());
        Payload payload = Payload.ofContent(call, ChecksumAlgorithm.CRC64NVME);
        try (ContentWriter writer = objects.write(plan.bucket().id())) {
            Payload.Received received = payload.receive(writer::write);
            Content content = writer.finish();
            ObjectInfo written = objects.put(
                    plan.bucket().id(),
                    Key.of(request.key()),
                    plan.owner(),
                    content,
                    Md5.etag(received.md5()),
                    plan.meta().withChecksum(received.checksum().map(Checksums::fullObject)),
                    precondition);
            Reply reply = Reply.ok().header("ETag", ObjectHeaders.quoted(written.etag()));
            ObjectHeaders.newVersion(reply, written);
            ObjectHeaders.checksum(reply, written.meta().checksum());
            return reply;
        }
    }
}
