package io.tarn.s3.list;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.xml.XmlWriter;
import java.util.List;
import java.util.Optional;

/** ListMultipartUploads. */
public final class ListUploads implements Handler {
    private static final int BYTES_OF_ENTRY = 448;

    private final Buckets buckets;
    private final ObjectStore objects;

    public ListUploads(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
    }

    @Override
    public Reply handle(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.READ);
        ListRequest request = ListRequest.of(call.request(), "max-uploads");
        Markers markers = Markers.of(call.request(), "upload-id-marker");
        // an upload marker without a key marker says nothing, as on AWS
        Optional<String> uploadMarker =
                markers.within().filter(marker -> !markers.key().isEmpty());
        UploadListing page = request.limit() == 0
                ? new UploadListing(List.of(), List.of(), false)
                : objects.uploads(
                        bucket.id(),
                        Key.of(request.prefix()),
                        Key.of(request.delimiter()),
                        Key.of(markers.key()),
                        uploadMarker,
                        request.limit());
        XmlWriter xml = new XmlWriter(512 + page.uploads().size() * BYTES_OF_ENTRY)
                .openRoot("ListMultipartUploadsResult")
                .element("Bucket", bucket.name())
                .element("KeyMarker", request.coded(markers.key()))
                .element("UploadIdMarker", uploadMarker.orElse(""));
        if (page.truncated()) {
            next(xml, request, page);
        }
        xml.element("Prefix", request.coded(request.prefix()));
        if (!request.delimiter().isEmpty()) {
            xml.element("Delimiter", request.coded(request.delimiter()));
        }
        if (request.urlEncoded()) {
            xml.element("EncodingType", "url");
        }
        xml.element("MaxUploads", request.limit()).element("IsTruncated", page.truncated());
        page.uploads().forEach(upload -> upload(xml, bucket, request, upload));
        page.commonPrefixes().forEach(prefix -> xml.open("CommonPrefixes")
                .element("Prefix", request.coded(prefix.toString()))
                .close("CommonPrefixes"));
        return Reply.xml(xml.close("ListMultipartUploadsResult"));
    }

    /** The next page begins after the greater of the last upload and the last prefix. */
    private static void next(final XmlWriter xml, final ListRequest request, final UploadListing page) {
        Optional<Upload> upload = page.uploads().isEmpty()
                ? Optional.empty()
                : Optional.of(page.uploads().getLast());
        Optional<Key> prefix = page.commonPrefixes().isEmpty()
                ? Optional.empty()
                : Optional.of(page.commonPrefixes().getLast());
        boolean prefixIsLast = prefix.isPresent()
                && (upload.isEmpty() || prefix.get().compareTo(upload.get().key()) > 0);
        if (prefixIsLast) {
            xml.element("NextKeyMarker", request.coded(prefix.get().toString()));
        } else if (upload.isPresent()) {
            xml.element("NextKeyMarker", request.coded(upload.get().key().toString()))
                    .element("NextUploadIdMarker", upload.get().id());
        }
    }

    private static void upload(
            final XmlWriter xml, final Volume bucket, final ListRequest request, final Upload upload) {
        xml.open("Upload")
                .element("Key", request.coded(upload.key().toString()))
                .element("UploadId", upload.id());
        AclDocument.owner(xml, "Initiator", upload.owner(), bucket.tenant());
        AclDocument.owner(xml, "Owner", upload.owner(), bucket.tenant());
        xml.element("StorageClass", upload.meta().storageClass().orElse("STANDARD"))
                .element("Initiated", Times.instant(upload.initiatedNanos()));
        upload.checksum().ifPresent(checksum -> xml.element("ChecksumAlgorithm", checksum.algorithm())
                .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        xml.close("Upload");
    }
}
