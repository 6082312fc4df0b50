package io.tarn.s3.multipart;

import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.client.Volume;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.xml.XmlWriter;
import java.util.List;

/** ListParts. */
public final class ListParts implements Handler {
    private static final int MAX_PARTS = 1000;
    private static final int BYTES_OF_PART = 256;

    private final Buckets buckets;
    private final ObjectStore objects;
    private final Uploads uploads;

    public ListParts(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.uploads = new Uploads(objects);
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        Volume bucket = buckets.of(call);
        Upload upload = uploads.require(call, bucket);
        int limit = Math.min(
                MAX_PARTS,
                request.intParameter("max-parts", 0, Integer.MAX_VALUE).orElse(MAX_PARTS));
        int marker =
                request.intParameter("part-number-marker", 0, Integer.MAX_VALUE).orElse(0);
        // one more than asked for tells whether there is more
        List<Part> found = objects.parts(upload, marker, limit + 1);
        boolean truncated = found.size() > limit;
        List<Part> page = truncated ? found.subList(0, limit) : found;
        UploadChecksum checksum = Uploads.checksumOf(upload);
        XmlWriter xml = new XmlWriter(512 + page.size() * BYTES_OF_PART)
                .openRoot("ListPartsResult")
                .element("Bucket", bucket.name())
                .element("Key", request.key())
                .element("UploadId", upload.id())
                .element("PartNumberMarker", marker);
        if (!page.isEmpty()) {
            xml.element("NextPartNumberMarker", page.getLast().number());
        }
        xml.element("MaxParts", limit).element("IsTruncated", truncated);
        for (Part part : page) {
            xml.open("Part")
                    .element("PartNumber", part.number())
                    .element("LastModified", Times.instant(part.modifiedNanos()))
                    .etag("ETag", part.etag())
                    .element("Size", part.size());
            part.checksum().ifPresent(value -> xml.element("Checksum" + checksum.algorithm(), value));
            xml.close("Part");
        }
        AclDocument.owner(xml, "Initiator", upload.owner(), bucket.tenant());
        AclDocument.owner(xml, "Owner", upload.owner(), bucket.tenant());
        xml.element("StorageClass", upload.meta().storageClass().orElse("STANDARD"))
                .element("ChecksumAlgorithm", checksum.algorithm())
                .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT");
        return Reply.xml(xml.close("ListPartsResult"));
    }
}
