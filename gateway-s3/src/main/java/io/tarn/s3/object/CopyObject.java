package io.tarn.s3.object;

import io.tarn.client.Checksum;
import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.PayloadDigest;
import io.tarn.s3.checksum.RequestChecksums;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.CopySource;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.xml.XmlWriter;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CopyObject. No bytes move: the copy shares the source's. So its ETag is the source's too, even of the multipart form; they are
 * read only when a checksum is asked for that the source does not have.
 */
public final class CopyObject implements Handler {
    private static final String REDIRECT = "x-amz-website-redirect-location";
    private static final int DIGEST_BUFFER_BYTES = 256 * 1024;

    private final Buckets buckets;
    private final ObjectStore objects;
    private final NewObject newObject;
    private final CopySources sources;

    public CopyObject(
            final Buckets buckets, final ObjectStore objects, final NewObject newObject, final CopySources sources) {
        this.buckets = buckets;
        this.objects = objects;
        this.newObject = newObject;
        this.sources = sources;
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        HeaderView headers = request.headers();
        NewObject.Plan plan = newObject.plan(call, buckets);
        boolean replaceMeta = isReplace(headers, "x-amz-metadata-directive");
        boolean replaceTags = isReplace(headers, "x-amz-tagging-directive");
        CopySource named = CopySource.parse(headers.first(CopySources.HEADER).orElseThrow());
        ObjectInfo source = sources.open(call, named);
        requireChange(request, named, source, replaceMeta);
        ObjectMeta meta = meta(plan.meta(), source.meta(), replaceMeta, replaceTags);
        ObjectInfo copy = objects.put(
                plan.bucket().id(),
                Key.of(request.key()),
                plan.owner(),
                objects.cloneOf(source, 0, source.size()),
                source.etag(),
                meta.withChecksum(checksum(headers, source)),
                Preconditions.ofWrite(headers));
        Reply reply = Reply.xml(document("CopyObjectResult", copy));
        ObjectHeaders.newVersion(reply, copy);
        CopySources.version(reply, source);
        return reply;
    }

    private static XmlWriter document(final String root, final ObjectInfo copy) {
        XmlWriter xml = new XmlWriter(512)
                .openRoot(root)
                .element("LastModified", Times.instant(copy.modifiedNanos()))
                .etag("ETag", copy.etag());
        copy.meta().checksum().ifPresent(checksum -> xml.element("Checksum" + checksum.algorithm(), checksum.value())
                .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        return xml.close(root);
    }

    private static boolean isReplace(final HeaderView headers, final String name) {
        String directive = headers.first(name).orElse("COPY");
        if (!directive.equals("COPY") && !directive.equals("REPLACE")) {
            throw S3Exception.invalidArgument("Unknown directive.", name, directive);
        }
        return directive.equals("REPLACE");
    }

    private static void requireChange(
            final S3Request request, final CopySource named, final ObjectInfo source, final boolean replaceMeta) {
        boolean ontoItself = named.bucket().equals(request.bucket())
                && named.key().equals(request.key())
                && (named.versionId().isEmpty() || source.latest());
        boolean changes = replaceMeta
                || request.header("x-amz-storage-class").isPresent()
                || request.header("x-amz-website-redirect-location").isPresent()
                || request.header("x-amz-checksum-algorithm").isPresent();
        if (ontoItself && !changes) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
    }

    /** Class, list of access and redirection are never the source's, as on AWS. */
    private static ObjectMeta meta(
            final ObjectMeta asked, final ObjectMeta source, final boolean replaceMeta, final boolean replaceTags) {
        Map<String, String> headers = asked.headers();
        if (!replaceMeta) {
            headers = new LinkedHashMap<>(source.headers());
            headers.remove(REDIRECT);
            if (asked.headers().containsKey(REDIRECT)) {
                headers.put(REDIRECT, asked.headers().get(REDIRECT));
            }
        }
        return new ObjectMeta(
                headers,
                replaceMeta ? asked.userMetadata() : source.userMetadata(),
                replaceTags ? asked.tags() : source.tags(),
                asked.storageClass(),
                asked.acl(),
                Optional.empty());
    }

    private Optional<Checksum> checksum(final HeaderView headers, final ObjectInfo source) {
        Optional<ChecksumAlgorithm> wanted =
                headers.first("x-amz-checksum-algorithm").map(RequestChecksums::known);
        Optional<Checksum> kept = source.meta().checksum();
        boolean same = kept.isPresent()
                && wanted.filter(
                                algorithm -> !algorithm.name().equals(kept.get().algorithm()))
                        .isEmpty();
        if (wanted.isEmpty() || (same && !kept.get().composite())) {
            return kept;
        }
        var digest = new PayloadDigest(false, Set.of(wanted.get()), false);
        ByteBuffer buffer = ByteBuffer.allocate(DIGEST_BUFFER_BYTES);
        try (ContentReader reader = objects.open(source.volume(), source.key(), Optional.of(source.version()))) {
            for (long offset = 0; offset < source.size(); offset += buffer.limit()) {
                buffer.clear();
                reader.read(offset, buffer);
                digest.update(buffer.flip());
            }
        }
        return digest.finish().checksum(wanted.get()).map(Checksums::fullObject);
    }
}
