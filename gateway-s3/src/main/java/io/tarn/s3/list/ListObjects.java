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
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * ListObjects in both versions.
 *
 * <p>Cost of a page: one scan of the store, one growing byte array; no object for an entry beyond what the store gives.
 */
public final class ListObjects {
    private static final int BYTES_OF_ENTRY = 320;

    private final Buckets buckets;
    private final ObjectStore objects;

    public ListObjects(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
    }

    /** ListObjects: continues after {@code marker}, always with owners. */
    public Reply version1(final Call call) {
        Volume bucket = bucket(call);
        ListRequest request = ListRequest.of(call.request());
        String marker = call.request().parameter("marker").orElse("");
        Listing page = page(bucket, request, marker);
        XmlWriter xml = open(bucket, request.prefixForBoth(), page.entries().size());
        xml.element("Marker", request.coded(marker));
        tail(xml, request, page);
        // without a delimiter the last key is the marker, as on AWS
        if (page.truncated()
                && !page.entries().isEmpty()
                && !request.delimiter().isEmpty()) {
            xml.element(
                    "NextMarker", request.coded(page.entries().getLast().key().toString()));
        }
        entries(xml, bucket, request, page.entries(), true);
        return Reply.xml(xml.close("ListBucketResult"));
    }

    /** ListObjectsV2: continues with a token, owners on demand. */
    public Reply version2(final Call call) {
        Volume bucket = bucket(call);
        S3Request s3 = call.request();
        ListRequest request = ListRequest.of(s3);
        Optional<String> startAfter = s3.parameter("start-after");
        Optional<String> token = s3.parameter("continuation-token");
        String after = token.filter(text -> !text.isEmpty())
                .map(ListObjects::decodeToken)
                .orElse(startAfter.orElse(""));
        Listing page = page(bucket, request, after);
        XmlWriter xml =
                open(bucket, request.coded(request.prefix()), page.entries().size());
        tail(xml, request, page);
        xml.element("KeyCount", page.entries().size());
        startAfter.filter(text -> !text.isEmpty()).ifPresent(text -> xml.element("StartAfter", request.coded(text)));
        token.ifPresent(text -> xml.element("ContinuationToken", text));
        if (page.truncated() && !page.entries().isEmpty()) {
            xml.element(
                    "NextContinuationToken",
                    encodeToken(page.entries().getLast().key()));
        }
        entries(
                xml,
                bucket,
                request,
                page.entries(),
                s3.parameter("fetch-owner").filter("true"::equals).isPresent());
        return Reply.xml(xml.close("ListBucketResult"));
    }

    private Volume bucket(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.READ);
        return bucket;
    }

    private Listing page(final Volume bucket, final ListRequest request, final String after) {
        return request.limit() == 0
                ? new Listing(List.of(), false)
                : objects.list(
                        bucket.id(),
                        Key.of(request.prefix()),
                        Key.of(request.delimiter()),
                        Key.of(after),
                        request.limit());
    }

    private static XmlWriter open(final Volume bucket, final String prefix, final int entries) {
        return new XmlWriter(512 + entries * BYTES_OF_ENTRY)
                .openRoot("ListBucketResult")
                .element("Name", bucket.name())
                .element("Prefix", prefix);
    }

    private static void tail(final XmlWriter xml, final ListRequest request, final Listing page) {
        if (!request.delimiter().isEmpty()) {
            xml.element("Delimiter", request.coded(request.delimiter()));
        }
        xml.element("MaxKeys", request.limit());
        if (request.urlEncoded()) {
            xml.element("EncodingType", "url");
        }
        xml.element("IsTruncated", page.truncated());
    }

    private static void entries(
            final XmlWriter xml,
            final Volume bucket,
            final ListRequest request,
            final List<Entry> entries,
            final boolean owners) {
        for (Entry entry : entries) {
            switch (entry) {
                case Found found -> object(xml, bucket, request, found.info(), owners);
                case CommonPrefix prefix ->
                    xml.open("CommonPrefixes")
                            .element("Prefix", request.coded(prefix.key().toString()))
                            .close("CommonPrefixes");
            }
        }
    }

    private static void object(
            final XmlWriter xml,
            final Volume bucket,
            final ListRequest request,
            final ObjectInfo object,
            final boolean owner) {
        xml.open("Contents")
                .element("Key", request.coded(object.key().toString()))
                .element("LastModified", Times.instant(object.modifiedNanos()))
                .etag("ETag", object.etag());
        object.meta().checksum().ifPresent(checksum -> xml.element("ChecksumAlgorithm", checksum.algorithm())
                .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        xml.element("Size", object.size());
        if (owner) {
            AclDocument.owner(xml, "Owner", Access.ownerOf(object, bucket), bucket.tenant());
        }
        xml.element("StorageClass", object.meta().storageClass().orElse("STANDARD"))
                .close("Contents");
    }

    private static String encodeToken(final Key key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.toByteArray());
    }

    private static String decodeToken(final String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            throw S3Exception.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}
