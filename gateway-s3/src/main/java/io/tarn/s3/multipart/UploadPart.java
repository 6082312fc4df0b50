package io.tarn.s3.multipart;

import io.tarn.client.ContentWriter;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.Volume;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.checksum.Checksum;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Md5;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.object.NewObject;
import io.tarn.s3.object.ObjectHeaders;
import io.tarn.s3.payload.Payload;
import java.util.Locale;
import java.util.Optional;

/** UploadPart. The part's checksum is kept in the upload's algorithm; one in another is checked and answered. */
public final class UploadPart implements Handler {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final Uploads uploads;

    public UploadPart(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.uploads = new Uploads(objects);
    }

    @Override
    public Reply handle(final Call call) {
        Volume bucket = buckets.of(call);
        NewObject.refuseNotOffered(call.request().headers());
        int number = Uploads.partNumber(call.request());
        Upload upload = uploads.require(call, bucket);
        ChecksumAlgorithm algorithm = Uploads.algorithmOf(upload);
        Payload payload = Payload.ofPart(call, algorithm);
        refuseOther(payload.claimedAlgorithm(), algorithm);
        try (ContentWriter writer = objects.write(bucket.id())) {
            Payload.Received received = payload.receive(writer::write);
            Part part = objects.putPart(
                    upload,
                    number,
                    writer.finish(),
                    Md5.etag(received.md5()),
                    received.checksum().map(Checksum::base64));
            Reply reply = Reply.ok().header("ETag", ObjectHeaders.quoted(part.etag()));
            received.claimed()
                    .or(received::checksum)
                    .ifPresent(checksum -> reply.header(checksum.algorithm().headerName(), checksum.base64()));
            return reply;
        }
    }

    /** An upload that names an algorithm takes no other; one left to the default takes any. */
    private static void refuseOther(final Optional<ChecksumAlgorithm> claimed, final ChecksumAlgorithm ofUpload) {
        if (claimed.isPresent() && claimed.get() != ofUpload && ofUpload != ChecksumAlgorithm.CRC64NVME) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: "
                            + ofUpload.name().toLowerCase(Locale.ROOT) + ", actual checksum Type: "
                            + claimed.get().name().toLowerCase(Locale.ROOT));
        }
    }
}
