package io.tarn.s3.object;

import io.tarn.client.Checksum;
import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectInfo.CompletedPart;
import io.tarn.client.ObjectStore;
import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.ByteRange;
import io.tarn.s3.request.Conditions;
import io.tarn.s3.request.ContentHeaders;
import io.tarn.s3.request.S3Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GetObject and HeadObject. Everything is decided on one opened version, so the headers always belong to the bytes.
 *
 * <p>Cost of a GET: one look-up and open in the store; conditions, range and headers from what the open gave.
 */
public final class ReadObject {
    private final Buckets buckets;
    private final ObjectStore objects;
    private final ObjectLookup lookup;

    public ReadObject(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
        this.lookup = new ObjectLookup(objects);
    }

    /**
     * What part of an object is asked for.
     *
     * @param range the bytes; nothing for all of them
     * @param part the part they are, if they were asked for as one
     * @param checksum checksum of exactly these bytes, where one is kept
     */
    private record Selection(
            Optional<ByteRange.Resolved> range, Optional<CompletedPart> part, Optional<Checksum> checksum) {}

    /** GetObject. */
    public Reply get(final Call call) {
        Volume bucket = buckets.of(call);
        S3Request request = call.request();
        Optional<String> version = request.versionId();
        Optional<ContentReader> opened = open(bucket, request.key(), version);
        if (opened.isEmpty()) {
            return lookup.missingReply(call.caller(), bucket, request.key(), version, false);
        }
        ContentReader reader = opened.get();
        boolean handedOver = false;
        try {
            ObjectInfo object = reader.info();
            Selection selection = select(call, bucket, object);
            if (isNotModified(request, object)) {
                return notModified(object);
            }
            long offset = selection.range().map(ByteRange.Resolved::offset).orElse(0L);
            long length = selection.range().map(ByteRange.Resolved::length).orElse(object.size());
            Reply reply = length == 0
                    ? Reply.of(200)
                    : Reply.of(selection.range().isPresent() ? 206 : 200, new Reply.Range(reader, offset, length));
            handedOver = length > 0;
            return describe(reply, call, object, selection);
        } finally {
            if (!handedOver) {
                reader.close();
            }
        }
    }

    /** HeadObject. */
    public Reply head(final Call call) {
        Volume bucket = buckets.of(call);
        S3Request request = call.request();
        Optional<String> version = request.versionId();
        Optional<ObjectInfo> found =
                objects.stat(bucket.id(), Key.of(request.key()), version).filter(info -> !info.deleteMarker());
        if (found.isEmpty()) {
            return lookup.missingReply(call.caller(), bucket, request.key(), version, true);
        }
        ObjectInfo object = found.get();
        Selection selection = select(call, bucket, object);
        if (isNotModified(request, object)) {
            return notModified(object);
        }
        long length = selection.range().map(ByteRange.Resolved::length).orElse(object.size());
        Reply reply = Reply.of(selection.range().isPresent() ? 206 : 200, new Reply.LengthOnly(length));
        return describe(reply, call, object, selection);
    }

    private Optional<ContentReader> open(final Volume bucket, final String key, final Optional<String> version) {
        try {
            return Optional.of(objects.open(bucket.id(), Key.of(key), version));
        } catch (StorageException failure) {
            if (failure.failure() == Failure.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Checks access and conditions, then lays the range or part on the object. */
    private static Selection select(final Call call, final Volume bucket, final ObjectInfo object) {
        Access.require(call.caller(), bucket, object, Permission.READ);
        S3Request request = call.request();
        if (request.header("x-amz-server-side-encryption-customer-algorithm").isPresent()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "The encryption parameters are not applicable to this object.");
        }
        Conditions conditions = Conditions.of(request.headers());
        if (!conditions.isEmpty()
                && conditions.evaluateRead(object.etag(), Times.instant(object.modifiedNanos()))
                        == Conditions.Outcome.PRECONDITION_FAILED) {
            throw new S3Exception(S3ErrorCode.PRECONDITION_FAILED);
        }
        Optional<Integer> partNumber = request.partNumber();
        Optional<ByteRange> range =
                request.header("range").flatMap(ByteRange::parse).filter(asked -> rangeStillHolds(request, object));
        if (partNumber.isPresent() && range.isPresent()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
        }
        if (partNumber.isPresent()) {
            return part(object, partNumber.get());
        }
        if (range.isPresent() && !isNotModified(request, object)) {
            return new Selection(Optional.of(range.get().resolve(object.size())), Optional.empty(), Optional.empty());
        }
        return new Selection(Optional.empty(), Optional.empty(), object.meta().checksum());
    }

    /** A range under {@code If-Range} is for one state of the object only; of any other the client wants all. */
    private static boolean rangeStillHolds(final S3Request request, final ObjectInfo object) {
        Optional<String> ifRange = request.header("if-range");
        return ifRange.isEmpty()
                || Conditions.ifRangeHolds(ifRange.get(), object.etag(), Times.instant(object.modifiedNanos()));
    }

    private static boolean isNotModified(final S3Request request, final ObjectInfo object) {
        Conditions conditions = Conditions.of(request.headers());
        return !conditions.isEmpty()
                && conditions.evaluateRead(object.etag(), Times.instant(object.modifiedNanos()))
                        == Conditions.Outcome.NOT_MODIFIED;
    }

    private static Selection part(final ObjectInfo object, final int number) {
        List<CompletedPart> parts = object.parts();
        if (parts.isEmpty() && number == 1) {
            Optional<ByteRange.Resolved> all = object.size() == 0
                    ? Optional.empty()
                    : Optional.of(new ByteRange.Resolved(0, object.size(), object.size()));
            return new Selection(all, Optional.empty(), object.meta().checksum());
        }
        long offset = 0;
        for (CompletedPart part : parts) {
            if (part.number() == number) {
                return new Selection(
                        Optional.of(new ByteRange.Resolved(offset, part.size(), object.size()))
                                .filter(range -> range.length() > 0),
                        Optional.of(part),
                        partChecksum(object, part));
            }
            offset += part.size();
        }
        throw new S3Exception(S3ErrorCode.INVALID_PART)
                .with("ActualPartCount", String.valueOf(Math.max(1, parts.size())))
                .with("PartNumberRequested", String.valueOf(number));
    }

    private static Optional<Checksum> partChecksum(final ObjectInfo object, final CompletedPart part) {
        Optional<Checksum> whole = object.meta().checksum();
        return whole.isPresent() && part.checksum().isPresent()
                ? Optional.of(new Checksum(
                        whole.get().algorithm(),
                        part.checksum().get(),
                        whole.get().composite()))
                : Optional.empty();
    }

    private static Reply describe(
            final Reply reply, final Call call, final ObjectInfo object, final Selection selection) {
        Map<String, String> overrides =
                ContentHeaders.responseOverrides(call.request().query());
        if (!overrides.isEmpty() && call.caller().isAnonymous()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "Request specific response headers cannot be used for anonymous GET requests.");
        }
        ObjectHeaders.describe(reply, object, overrides);
        selection.range().ifPresent(range -> reply.header("Content-Range", range.contentRange()));
        if (selection.part().isPresent()) {
            reply.header("x-amz-mp-parts-count", Integer.toString(object.parts().size()));
        }
        if (call.request()
                .header("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent()) {
            ObjectHeaders.checksum(reply, selection.checksum());
        }
        return reply;
    }

    private static Reply notModified(final ObjectInfo object) {
        Reply reply = Reply.of(304);
        ObjectHeaders.identity(reply, object);
        return reply;
    }
}
