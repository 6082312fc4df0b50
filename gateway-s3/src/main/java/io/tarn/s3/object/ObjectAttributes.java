package io.tarn.s3.object;

import io.tarn.client.Checksum;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectInfo.CompletedPart;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Conditions;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.wire.HttpDate;
import io.tarn.s3.xml.XmlWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GetObjectAttributes: a HEAD with parts, as a document. */
public final class ObjectAttributes implements Handler {
    private static final Set<String> KNOWN = Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");
    private static final int MAX_PARTS = 1000;

    private final Buckets buckets;
    private final ObjectLookup lookup;

    public ObjectAttributes(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.lookup = new ObjectLookup(objects);
    }

    @Override
    public Reply handle(final Call call) {
        Volume bucket = buckets.of(call);
        S3Request request = call.request();
        Set<String> wanted = wanted(request);
        ObjectInfo object = lookup.require(call.caller(), bucket, request.key(), request.versionId(), Permission.READ);
        Conditions.Outcome outcome =
                Conditions.of(request.headers()).evaluateRead(object.etag(), Times.instant(object.modifiedNanos()));
        if (outcome == Conditions.Outcome.PRECONDITION_FAILED) {
            throw new S3Exception(S3ErrorCode.PRECONDITION_FAILED);
        }
        if (outcome == Conditions.Outcome.NOT_MODIFIED) {
            return Reply.of(304);
        }
        Reply reply = Reply.xml(document(request, object, wanted))
                .header("Last-Modified", HttpDate.format(Times.instant(object.modifiedNanos())));
        ObjectHeaders.version(reply, object);
        return reply;
    }

    private static Set<String> wanted(final S3Request request) {
        var wanted = new HashSet<String>();
        for (String line : request.headers().all("x-amz-object-attributes")) {
            for (String name : line.split(",", -1)) {
                String attribute = name.strip();
                if (!KNOWN.contains(attribute)) {
                    throw S3Exception.invalidArgument(
                            "Invalid attribute name specified.", "x-amz-object-attributes", line);
                }
                wanted.add(attribute);
            }
        }
        if (wanted.isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or"
                            + " empty");
        }
        return wanted;
    }

    private static XmlWriter document(final S3Request request, final ObjectInfo object, final Set<String> wanted) {
        var xml = new XmlWriter(1024);
        xml.openRoot("GetObjectAttributesResponse");
        if (wanted.contains("ETag")) {
            xml.element("ETag", object.etag());
        }
        Optional<Checksum> checksum = object.meta().checksum();
        if (wanted.contains("Checksum") && checksum.isPresent()) {
            xml.open("Checksum")
                    .element(
                            "Checksum" + checksum.get().algorithm(),
                            checksum.get().value())
                    .element("ChecksumType", checksum.get().composite() ? "COMPOSITE" : "FULL_OBJECT")
                    .close("Checksum");
        }
        if (wanted.contains("ObjectParts") && !object.parts().isEmpty()) {
            parts(xml, request, object);
        }
        if (wanted.contains("StorageClass")) {
            xml.element("StorageClass", object.meta().storageClass().orElse(ObjectHeaders.DEFAULT_STORAGE_CLASS));
        }
        if (wanted.contains("ObjectSize")) {
            xml.element("ObjectSize", object.size());
        }
        return xml.close("GetObjectAttributesResponse");
    }

    private static void parts(final XmlWriter xml, final S3Request request, final ObjectInfo object) {
        int limit = Math.min(MAX_PARTS, number(request, "x-amz-max-parts", MAX_PARTS));
        int marker = number(request, "x-amz-part-number-marker", 0);
        List<CompletedPart> after =
                object.parts().stream().filter(part -> part.number() > marker).toList();
        List<CompletedPart> page = after.subList(0, Math.min(limit, after.size()));
        boolean truncated = after.size() > page.size();
        xml.open("ObjectParts")
                .element("PartsCount", object.parts().size())
                .element("PartNumberMarker", marker)
                .element("MaxParts", limit)
                .element("IsTruncated", truncated);
        if (!page.isEmpty()) {
            xml.element("NextPartNumberMarker", page.getLast().number());
        }
        for (CompletedPart part : page) {
            xml.open("Part").element("PartNumber", part.number()).element("Size", part.size());
            if (part.checksum().isPresent() && object.meta().checksum().isPresent()) {
                xml.element(
                        "Checksum" + object.meta().checksum().get().algorithm(),
                        part.checksum().get());
            }
            xml.close("Part");
        }
        xml.close("ObjectParts");
    }

    private static int number(final S3Request request, final String header, final int absent) {
        Optional<String> value = request.header(header);
        if (value.isEmpty()) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw S3Exception.invalidArgument("Not an integer", header, value.get());
        }
        throw S3Exception.invalidArgument("Must not be negative", header, value.get());
    }
}
