package io.tarn.s3.multipart;

import io.tarn.client.Checksum;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.Volume;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Md5;
import io.tarn.s3.checksum.PartChecksums;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.object.ObjectHeaders;
import io.tarn.s3.object.Preconditions;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.request.S3Request;
import io.tarn.s3.xml.CompleteMultipartUpload;
import io.tarn.s3.xml.XmlWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CompleteMultipartUpload. One commit whatever the number of parts; again after success it gives the same answer. */
public final class CompleteUpload implements Handler {
    private static final int PAGE = 1000;

    private final Buckets buckets;
    private final ObjectStore objects;
    private final Uploads uploads;

    public CompleteUpload(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.uploads = new Uploads(objects);
    }

    @Override
    public Reply handle(final Call call) {
        S3Request request = call.request();
        Volume bucket = buckets.of(call);
        Optional<Upload> upload = uploads.find(call, bucket);
        var wanted = CompleteMultipartUpload.parse(Documents.read(call, CompleteMultipartUpload.MAX_BODY_BYTES));
        if (upload.isEmpty()) {
            return objects.completed(bucket.id(), Key.of(request.key()), Uploads.id(request))
                    .map(object -> reply(request, object))
                    .orElseThrow(() -> Uploads.noSuchUpload(request));
        }
        List<Part> parts = choose(upload.get(), wanted.parts());
        requireSizes(request, parts);
        Optional<Checksum> checksum = checksum(upload.get(), parts);
        requireChecksum(request, upload.get(), checksum);
        ObjectInfo object =
                objects.complete(upload.get(), parts, etag(parts), checksum, Preconditions.ofWrite(request.headers()));
        return reply(request, object);
    }

    private List<Part> choose(final Upload upload, final List<CompleteMultipartUpload.Part> wanted) {
        Map<Integer, Part> stored = stored(upload);
        ChecksumAlgorithm algorithm = Uploads.algorithmOf(upload);
        var chosen = new ArrayList<Part>(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            CompleteMultipartUpload.Part part = wanted.get(i);
            if (i + 1 < wanted.size() && wanted.get(i + 1).number() == part.number()) {
                // a client that sent a part twice may name it twice: the last counts
                continue;
            }
            Part found = stored.get(part.number());
            boolean matches = found != null
                    && found.etag().equals(part.etag())
                    && (!part.checksums().containsKey(algorithm)
                            || found.checksum()
                                    .equals(Optional.of(
                                            part.checksums().get(algorithm).base64())));
            if (!matches) {
                throw new S3Exception(S3ErrorCode.INVALID_PART)
                        .with("UploadId", upload.id())
                        .with("PartNumber", String.valueOf(part.number()))
                        .with("ETag", part.etag());
            }
            chosen.add(found);
        }
        return chosen;
    }

    private Map<Integer, Part> stored(final Upload upload) {
        Map<Integer, Part> stored = new HashMap<>();
        List<Part> page = objects.parts(upload, 0, PAGE);
        while (!page.isEmpty()) {
            page.forEach(part -> stored.put(part.number(), part));
            page = page.size() < PAGE
                    ? List.of()
                    : objects.parts(upload, page.getLast().number(), PAGE);
        }
        return stored;
    }

    private static void requireSizes(final S3Request request, final List<Part> parts) {
        long total = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            total += part.size();
            if (part.size() < Uploads.MIN_PART_BYTES && i < parts.size() - 1) {
                throw new S3Exception(S3ErrorCode.ENTITY_TOO_SMALL)
                        .with("ProposedSize", String.valueOf(part.size()))
                        .with("MinSizeAllowed", String.valueOf(Uploads.MIN_PART_BYTES))
                        .with("PartNumber", String.valueOf(part.number()))
                        .with("ETag", part.etag());
            }
        }
        if (total > Uploads.MAX_OBJECT_BYTES) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE)
                    .with("MaxSizeAllowed", String.valueOf(Uploads.MAX_OBJECT_BYTES));
        }
        Optional<String> announced = request.header("x-amz-mp-object-size");
        if (announced.isPresent() && !announced.get().equals(String.valueOf(total))) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The provided 'x-amz-mp-object-size' header value " + announced.get()
                            + " does not match what was computed: " + total);
        }
    }

    private static String etag(final List<Part> parts) {
        return Md5.multipartEtag(parts.stream()
                .map(part -> Md5.fromEtag(part.etag()).orElseThrow())
                .toList());
    }

    private static Optional<Checksum> checksum(final Upload upload, final List<Part> parts) {
        ChecksumAlgorithm algorithm = Uploads.algorithmOf(upload);
        boolean composite = Uploads.checksumOf(upload).composite();
        var checksums = new ArrayList<PartChecksums.Part>(parts.size());
        for (Part part : parts) {
            Optional<io.tarn.s3.checksum.Checksum> ofPart =
                    part.checksum().flatMap(text -> io.tarn.s3.checksum.Checksum.parse(algorithm, text));
            if (ofPart.isEmpty()) {
                return Optional.empty();
            }
            checksums.add(new PartChecksums.Part(ofPart.get(), part.size()));
        }
        String value = composite
                ? PartChecksums.composite(
                        checksums.stream().map(PartChecksums.Part::checksum).toList())
                : PartChecksums.fullObject(checksums).base64();
        return Optional.of(new Checksum(algorithm.name(), value, composite));
    }

    private static void requireChecksum(
            final S3Request request, final Upload upload, final Optional<Checksum> computed) {
        ChecksumAlgorithm algorithm = Uploads.algorithmOf(upload);
        Optional<String> claimed = request.header(algorithm.headerName());
        if (claimed.isPresent()
                && computed.filter(checksum -> isValueOf(checksum, claimed.get()))
                        .isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.BAD_DIGEST,
                    "The " + algorithm + " you specified did not match the calculated checksum.");
        }
        Optional<String> type = request.header("x-amz-checksum-type");
        String own = Uploads.checksumOf(upload).composite() ? "COMPOSITE" : "FULL_OBJECT";
        if (type.isPresent() && !type.get().equals(own)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The upload was created using the " + own + " checksum mode. The complete request must use the same"
                            + " checksum mode.");
        }
    }

    /** Some clients leave the number of parts off the checksum of checksums. */
    private static boolean isValueOf(final Checksum checksum, final String claimed) {
        final String value = checksum.value();
        return claimed.equals(value)
                || (checksum.composite() && claimed.equals(value.substring(0, value.lastIndexOf('-'))));
    }

    private static Reply reply(final S3Request request, final ObjectInfo object) {
        XmlWriter xml = new XmlWriter(512)
                .openRoot("CompleteMultipartUploadResult")
                .element(
                        "Location",
                        "http://" + request.header("host").orElse("")
                                + request.raw().rawPath())
                .element("Bucket", request.bucket())
                .element("Key", request.key())
                .etag("ETag", object.etag());
        object.meta().checksum().ifPresent(checksum -> xml.element("Checksum" + checksum.algorithm(), checksum.value())
                .element("ChecksumType", checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        Reply reply = Reply.xml(xml.close("CompleteMultipartUploadResult"));
        ObjectHeaders.newVersion(reply, object);
        return reply;
    }
}
