package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.Hex;
import java.util.Optional;

/**
 * How the body of a request is sent and vouched for: the value of {@code x-amz-content-sha256}.
 *
 * <p>Source: Amazon S3 API Reference, "Signature calculations for the Authorization header".
 */
public sealed interface PayloadMode {
    /** The body's SHA-256 in lower-case hexadecimal is signed and must be compared once the body was read. */
    record Sha256(String hex) implements PayloadMode {}

    /** The body is as it is and not signed. */
    record Unsigned() implements PayloadMode {}

    /**
     * The body is coded {@code aws-chunked}.
     *
     * @param signed whether every chunk carries a signature
     * @param trailer whether trailing headers follow the last chunk
     */
    record Chunked(boolean signed, boolean trailer) implements PayloadMode {}

    /** The header that names the mode. */
    String HEADER = "x-amz-content-sha256";

    /** Whether the body is coded {@code aws-chunked}. */
    default boolean isChunked() {
        return this instanceof Chunked;
    }

    /**
     * Reads the header's value.
     *
     * @throws S3Exception NotImplemented for version 4A, InvalidArgument when it is none of the known values
     */
    static PayloadMode parse(final String value) {
        return switch (value) {
            case "UNSIGNED-PAYLOAD" -> new Unsigned();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Chunked(true, false);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Chunked(true, true);
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Chunked(false, true);
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" ->
                throw new S3Exception(S3ErrorCode.NOT_IMPLEMENTED).with("Header", HEADER);
            default -> {
                if (Hex.decode(value, 32).length == 0) {
                    throw S3Exception.invalidArgument(
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                                    + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER "
                                    + "or a valid sha256 value.",
                            HEADER,
                            value);
                }
                yield new Sha256(value);
            }
        };
    }

    /** The mode of a request whose signature does not cover the body; {@code aws-chunked} may still be its coding. */
    static PayloadMode unsigned(final Optional<String> header, final boolean awsChunked, final boolean trailer) {
        PayloadMode stated = header.map(PayloadMode::parse).orElseGet(Unsigned::new);
        boolean chunked = awsChunked || stated.isChunked();
        return chunked ? new Chunked(false, trailer) : stated;
    }
}
