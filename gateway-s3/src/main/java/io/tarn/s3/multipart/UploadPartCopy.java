package io.tarn.s3.multipart;

import io.tarn.client.ContentReader;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.Volume;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.checksum.Checksum;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Md5;
import io.tarn.s3.checksum.PayloadDigest;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.object.CopySources;
import io.tarn.s3.object.NewObject;
import io.tarn.s3.payload.Payload;
import io.tarn.s3.request.ByteRange;
import io.tarn.s3.request.CopySource;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.xml.XmlWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * UploadPartCopy. No bytes move, the part shares the source's; they are read once for the digests that every part has, in
 * bounded memory.
 */
public final class UploadPartCopy implements Handler {
    private static final int DIGEST_BUFFER_BYTES = 256 * 1024;

    private final Buckets buckets;
    private final ObjectStore objects;
    private final Uploads uploads;
    private final CopySources sources;

    public UploadPartCopy(final Buckets buckets, final ObjectStore objects, final CopySources sources) {
        this.buckets = buckets;
        this.objects = objects;
        this.uploads = new Uploads(objects);
        this.sources = sources;
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        Volume bucket = buckets.of(call);
        NewObject.refuseNotOffered(request.headers());
        int number = Uploads.partNumber(request);
        Upload upload = uploads.require(call, bucket);
        CopySource named = CopySource.parse(request.header(CopySources.HEADER).orElseThrow());
        Optional<ByteRange.FromTo> asked =
                request.header("x-amz-copy-source-range").map(ByteRange::parseCopyRange);
        ObjectInfo source = sources.open(call, named);
        long offset = asked.map(ByteRange.FromTo::first).orElse(0L);
        long end = asked.map(range -> range.last() + 1).orElse(source.size());
        if ((offset >= end && source.size() > 0) || end > source.size()) {
            throw new S3Exception(
                            S3ErrorCode.INVALID_RANGE,
                            "The x-amz-copy-source-range value must lie within the source object")
                    .with("ActualObjectSize", String.valueOf(source.size()));
        }
        if (end - offset > Payload.MAX_BYTES) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE);
        }
        ChecksumAlgorithm algorithm = Uploads.algorithmOf(upload);
        PayloadDigest.Result digests = digests(source, offset, end, algorithm);
        Part part = objects.putPart(
                upload,
                number,
                objects.cloneOf(source, offset, end - offset),
                Md5.etag(digests.md5().orElseThrow()),
                digests.checksum(algorithm).map(Checksum::base64));
        Reply reply = Reply.xml(document(part, algorithm));
        CopySources.version(reply, source);
        return reply;
    }

    private PayloadDigest.Result digests(
            final ObjectInfo source, final long offset, final long end, final ChecksumAlgorithm algorithm) {
        var digest = new PayloadDigest(true, Set.of(algorithm), false);
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(DIGEST_BUFFER_BYTES, Math.max(1, end - offset)));
        try (ContentReader reader = objects.open(source.volume(), source.key(), Optional.of(source.version()))) {
            for (long at = offset; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                reader.read(at, buffer);
                digest.update(buffer.flip());
            }
        }
        return digest.finish();
    }

    private static XmlWriter document(final Part part, final ChecksumAlgorithm algorithm) {
        XmlWriter xml = new XmlWriter(512)
                .openRoot("CopyPartResult")
                .element("LastModified", Times.instant(part.modifiedNanos()))
                .etag("ETag", part.etag());
        part.checksum().ifPresent(checksum -> xml.element(algorithm.xmlName(), checksum));
        return xml.close("CopyPartResult");
    }
}
