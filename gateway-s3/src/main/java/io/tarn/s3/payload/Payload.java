package io.tarn.s3.payload;

import io.tarn.s3.auth.Authentication;
import io.tarn.s3.auth.PayloadMode;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.RequestBody;
import io.tarn.s3.checksum.Checksum;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.checksum.Md5;
import io.tarn.s3.checksum.PayloadDigest;
import io.tarn.s3.checksum.RequestChecksums;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.ContentHeaders;
import io.tarn.s3.request.Operation;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.chunked.AwsChunkedDecoder;
import io.tarn.s3.wire.chunked.PayloadSink;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The body of one request. Bytes are given out before the claims about them are checked: nothing may be committed until
 * {@link #receive} has returned.
 *
 * <p>Cost: the payload is read once by each digest that is kept or was claimed, and not copied here.
 */
public final class Payload {
    /** Most bytes in one PUT, as on AWS. */
    public static final long MAX_BYTES = 5L * 1024 * 1024 * 1024;

    /** The checksum in the head of a Complete is the object's, not the document's. */
    private static final RequestChecksums OF_OBJECT = new RequestChecksums(Optional.empty(), Optional.empty(), false);

    private final RequestBody body;
    private final PayloadMode mode;
    private final Optional<AwsChunkedDecoder> decoder;
    private final OptionalLong expectedLength;
    private final RequestChecksums claimed;
    private final Optional<byte[]> contentMd5;
    private final PayloadDigest digest;
    private final Optional<ChecksumAlgorithm> kept;

    /**
     * What arrived.
     *
     * @param lengthBytes bytes of payload
     * @param md5 their MD5; of no use for documents
     * @param checksum the checksum to keep
     * @param claimed the checksum the client sent, which holds
     */
    public record Received(long lengthBytes, byte[] md5, Optional<Checksum> checksum, Optional<Checksum> claimed) {}

    private Payload(final Call call, final UnaryOperator<Optional<ChecksumAlgorithm>> toKeep, final boolean withMd5) {
        HeaderView headers = call.request().headers();
        body = call.body();
        mode = call.authentication().payload();
        List<String> trailers = AwsChunkedDecoder.announcedTrailers(headers);
        claimed = withMd5 || call.request().operation() != Operation.COMPLETE_MULTIPART_UPLOAD
                ? RequestChecksums.of(headers, trailers)
                : OF_OBJECT;
        contentMd5 = headers.first("content-md5").map(Md5::parseHeader);
        expectedLength = ContentHeaders.payloadLength(headers, mode.isChunked());
        if (expectedLength.isEmpty()
                && (mode.isChunked() || headers.first("transfer-encoding").isEmpty())) {
            throw new S3Exception(S3ErrorCode.MISSING_CONTENT_LENGTH);
        }
        if (expectedLength.orElse(0) > MAX_BYTES) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE)
                    .with("ProposedSize", String.valueOf(expectedLength.getAsLong()))
                    .with("MaxSizeAllowed", String.valueOf(MAX_BYTES));
        }
        decoder = mode instanceof PayloadMode.Chunked chunked
                ? Optional.of(new AwsChunkedDecoder(
                        expectedLength.getAsLong(), signer(call.authentication()), chunked.trailer(), trailers))
                : Optional.empty();
        kept = toKeep.apply(claimed.algorithm());
        Set<ChecksumAlgorithm> algorithms = EnumSet.noneOf(ChecksumAlgorithm.class);
        kept.ifPresent(algorithms::add);
        claimed.algorithm().ifPresent(algorithms::add);
        digest = new PayloadDigest(withMd5 || contentMd5.isPresent(), algorithms, mode instanceof PayloadMode.Sha256);
    }

    /**
     * The content of an object or part.
     *
     * @param byDefault checksum to compute if the client sends none
     * @throws S3Exception for headers that contradict each other or cannot be read, EntityTooLarge, MissingContentLength
     */
    public static Payload ofContent(final Call call, final ChecksumAlgorithm byDefault) {
        return new Payload(call, sent -> sent.or(() -> Optional.of(byDefault)), true);
    }

    /** The content of a part, whose checksum is kept in the upload's algorithm whatever the client sends. */
    public static Payload ofPart(final Call call, final ChecksumAlgorithm ofUpload) {
        return new Payload(call, sent -> Optional.of(ofUpload), true);
    }

    /** The algorithm of the checksum that the client sends. */
    public Optional<ChecksumAlgorithm> claimedAlgorithm() {
        return claimed.algorithm();
    }

    /** A document, of which only what the client claims is checked. */
    static Payload ofDocument(final Call call) {
        return new Payload(call, sent -> sent, false);
    }

    private static Optional<io.tarn.s3.auth.ChunkSigner> signer(final Authentication authentication) {
        return authentication instanceof Authentication.Signed signed ? signed.chunkSigner() : Optional.empty();
    }

    /** Whether the client sends a digest that the body is held against; the hash it signs with is none. */
    boolean isGuarded() {
        return contentMd5.isPresent() || claimed.algorithm().isPresent();
    }

    /** The length announced. */
    OptionalLong expectedLength() {
        return expectedLength;
    }

    /**
     * Reads it all.
     *
     * @throws S3Exception IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, SignatureDoesNotMatch and others of their kind
     */
    public Received receive(final PayloadSink sink) {
        PayloadSink counted = bytes -> {
            digest.update(bytes);
            sink.accept(bytes);
        };
        Optional<ByteBuffer> wire = body.next();
        while (wire.isPresent()) {
            if (decoder.isPresent()) {
                decoder.get().feed(wire.get(), counted);
            } else {
                counted.accept(wire.get());
                checkNotLonger();
            }
            wire = body.next();
        }
        return verified(decoder.map(AwsChunkedDecoder::finish).orElse(Map.of()));
    }

    private void checkNotLonger() {
        if (digest.lengthBytes() > expectedLength.orElse(MAX_BYTES)) {
            throw new S3Exception(
                    expectedLength.isPresent() ? S3ErrorCode.INCOMPLETE_BODY : S3ErrorCode.ENTITY_TOO_LARGE);
        }
    }

    private Received verified(final Map<String, String> trailers) {
        if (expectedLength.isPresent() && digest.lengthBytes() != expectedLength.getAsLong()) {
            throw new S3Exception(S3ErrorCode.INCOMPLETE_BODY)
                    .with("NumberBytesExpected", String.valueOf(expectedLength.getAsLong()))
                    .with("NumberBytesProvided", String.valueOf(digest.lengthBytes()));
        }
        PayloadDigest.Result result = digest.finish();
        contentMd5.ifPresent(result::requireMd5);
        if (mode instanceof PayloadMode.Sha256 signed) {
            result.requireContentSha256(signed.hex());
        }
        claimed.value().ifPresent(result::requireChecksum);
        if (claimed.inTrailer()) {
            ChecksumAlgorithm algorithm = claimed.algorithm().orElseThrow();
            String value = Optional.ofNullable(trailers.get(algorithm.headerName()))
                    .orElseThrow(() -> new S3Exception(S3ErrorCode.MALFORMED_TRAILER));
            result.requireChecksum(Checksum.parseHeader(algorithm, value));
        }
        return new Received(
                result.lengthBytes(),
                result.md5().orElse(new byte[0]),
                kept.flatMap(result::checksum),
                claimed.algorithm().flatMap(result::checksum));
    }
}
