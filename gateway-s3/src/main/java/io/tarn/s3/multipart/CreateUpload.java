package io.tarn.s3.multipart;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.ChecksumType;
import io.tarn.s3.checksum.RequestChecksums;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.object.NewObject;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.xml.XmlWriter;
import java.util.Optional;

/** CreateMultipartUpload. */
public final class CreateUpload implements Handler {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final NewObject newObject;

    public CreateUpload(final Buckets buckets, final ObjectStore objects, final NewObject newObject) {
        this.buckets = buckets;
        this.objects = objects;
        this.newObject = newObject;
    }

    @Override
    public Reply handle(final Call call) {
        HeaderView headers = call.request().headers();
        NewObject.Plan plan = newObject.plan(call, buckets);
        Optional<UploadChecksum> asked = checksum(headers);
        Upload upload = objects.createUpload(
                plan.bucket().id(),
                Key.of(call.request().key()),
                plan.owner(),
                plan.meta(),
                asked.or(() -> Optional.of(Uploads.DEFAULT_CHECKSUM)));
        Reply reply = Reply.xml(new XmlWriter(512)
                .openRoot("InitiateMultipartUploadResult")
                .element("Bucket", plan.bucket().name())
                .element("Key", call.request().key())
                .element("UploadId", upload.id())
                .close("InitiateMultipartUploadResult"));
        asked.ifPresent(checksum -> reply.header("x-amz-checksum-algorithm", checksum.algorithm())
                .header("x-amz-checksum-type", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        return reply;
    }

    private static Optional<UploadChecksum> checksum(final HeaderView headers) {
        Optional<ChecksumAlgorithm> algorithm =
                headers.first("x-amz-checksum-algorithm").map(RequestChecksums::known);
        Optional<String> type = headers.first("x-amz-checksum-type");
        if (algorithm.isEmpty()) {
            if (type.isPresent()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return Optional.empty();
        }
        ChecksumType wanted = type.isEmpty()
                ? algorithm.get().defaultMultipartType()
                : ChecksumType.byName(type.get())
                        .orElseThrow(() -> new S3Exception(
                                S3ErrorCode.INVALID_REQUEST, "Value for x-amz-checksum-type header is invalid."));
        if (!algorithm.get().supports(wanted)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The " + wanted + " checksum type cannot be used with the " + algorithm.get()
                            + " checksum algorithm.");
        }
        return Optional.of(new UploadChecksum(algorithm.get().name(), wanted == ChecksumType.COMPOSITE));
    }
}
