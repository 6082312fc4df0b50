package io.tarn.s3.checksum;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import java.util.List;
import java.util.Optional;

/**
 * The checksum a client sends with an upload, or announces for its trailer: one at most.
 *
 * @param algorithm the algorithm of the header or of the trailer
 * @param value the value if it came as a header; one announced for the trailer comes later
 * @param inTrailer whether the value comes in the trailer
 */
public record RequestChecksums(Optional<ChecksumAlgorithm> algorithm, Optional<Checksum> value, boolean inTrailer) {
    private static final RequestChecksums NONE = new RequestChecksums(Optional.empty(), Optional.empty(), false);

    /**
     * Reads the headers of an upload.
     *
     * @param trailers names announced in {@code x-amz-trailer}, in lower case
     * @throws S3Exception InvalidRequest for more than one checksum, a bad value, an unknown algorithm, or one named without a value
     */
    public static RequestChecksums of(final HeaderView headers, final List<String> trailers) {
        RequestChecksums found = NONE;
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            Optional<String> header = headers.first(algorithm.headerName());
            boolean trailer = trailers.contains(algorithm.headerName());
            if (header.isEmpty() && !trailer) {
                continue;
            }
            if (found.algorithm().isPresent() || (header.isPresent() && trailer)) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }
            found = new RequestChecksums(
                    Optional.of(algorithm), header.map(value -> Checksum.parseHeader(algorithm, value)), trailer);
        }
        Optional<ChecksumAlgorithm> named =
                headers.first("x-amz-sdk-checksum-algorithm").map(RequestChecksums::known);
        if (found.algorithm().isEmpty()) {
            if (named.isPresent()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer"
                                + " headers were found.");
            }
            return NONE;
        }
        if (named.isPresent() && !named.equals(found.algorithm())) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
        return found;
    }

    /** Finds an algorithm a header names. Fails with InvalidRequest for an unknown one. */
    public static ChecksumAlgorithm known(final String name) {
        return ChecksumAlgorithm.byName(name)
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                                + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"));
    }
}
