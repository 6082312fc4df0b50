package io.tarn.s3.list;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.AclDocument;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.xml.XmlWriter;
import java.util.List;

/** ListObjectVersions: versions and delete markers, newest first within a key. */
public final class ListVersions implements Handler {
    private static final int BYTES_OF_ENTRY = 400;

    private final Buckets buckets;
    private final ObjectStore objects;

    public ListVersions(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
    }

    @Override
    public Reply handle(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.READ);
        ListRequest request = ListRequest.of(call.request());
        Markers markers = Markers.of(call.request(), "version-id-marker");
        if (markers.within().isPresent() && markers.key().isEmpty()) {
            throw S3Exception.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.",
                    "version-id-marker",
                    markers.within().get());
        }
        Listing page = request.limit() == 0
                ? new Listing(List.of(), false)
                : objects.listVersions(
                        bucket.id(),
                        Key.of(request.prefix()),
                        Key.of(request.delimiter()),
                        Key.of(markers.key()),
                        markers.within(),
                        request.limit());
        return Reply.xml(document(bucket, request, markers, page));
    }

    private static XmlWriter document(
            final Volume bucket, final ListRequest request, final Markers markers, final Listing page) {
        var xml = new XmlWriter(512 + page.entries().size() * BYTES_OF_ENTRY);
        xml.openRoot("ListVersionsResult")
                .element("Name", bucket.name())
                .element("Prefix", request.coded(request.prefix()))
                .element("KeyMarker", request.coded(markers.key()))
                .element("VersionIdMarker", markers.within().orElse(""));
        if (page.truncated() && !page.entries().isEmpty()) {
            Entry last = page.entries().getLast();
            xml.element("NextKeyMarker", request.coded(last.key().toString()));
            if (last instanceof Found found) {
                xml.element("NextVersionIdMarker", found.info().version());
            }
        }
        if (!request.delimiter().isEmpty()) {
            xml.element("Delimiter", request.coded(request.delimiter()));
        }
        xml.element("MaxKeys", request.limit());
        if (request.urlEncoded()) {
            xml.element("EncodingType", "url");
        }
        xml.element("IsTruncated", page.truncated());
        for (Entry entry : page.entries()) {
            switch (entry) {
                case Found found -> version(xml, bucket, request, found.info());
                case CommonPrefix prefix ->
                    xml.open("CommonPrefixes")
                            .element("Prefix", request.coded(prefix.key().toString()))
                            .close("CommonPrefixes");
            }
        }
        return xml.close("ListVersionsResult");
    }

    private static void version(
            final XmlWriter xml, final Volume bucket, final ListRequest request, final ObjectInfo version) {
        String element = version.deleteMarker() ? "DeleteMarker" : "Version";
        xml.open(element)
                .element("Key", request.coded(version.key().toString()))
                .element("VersionId", version.version())
                .element("IsLatest", version.latest())
                .element("LastModified", Times.instant(version.modifiedNanos()));
        if (!version.deleteMarker()) {
            xml.etag("ETag", version.etag());
            version.meta().checksum().ifPresent(checksum -> xml.element("ChecksumAlgorithm", checksum.algorithm())
                    .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
            xml.element("Size", version.size())
                    .element("StorageClass", version.meta().storageClass().orElse("STANDARD"));
        }
        AclDocument.owner(xml, "Owner", Access.ownerOf(version, bucket), bucket.tenant());
        xml.close(element);
    }
}
