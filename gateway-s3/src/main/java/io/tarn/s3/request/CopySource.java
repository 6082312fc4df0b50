package io.tarn.s3.request;

import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.PercentCoding;
import java.util.Optional;

/**
 * Where a copy reads from: {@code x-amz-copy-source}, percent-coded, with or without a leading slash, with or without a version.
 *
 * @param bucket the source's bucket
 * @param key the source's key
 * @param versionId the version to read; the current one if empty
 */
public record CopySource(String bucket, String key, Optional<String> versionId) {
    private static final String HEADER = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";

    /**
     * Parses the header.
     *
     * @throws S3Exception InvalidArgument when bucket or key is missing or it cannot be decoded, KeyTooLongError
     */
    public static CopySource parse(final String header) {
        // the question mark that begins the version is never coded; one within a key always is
        int version = header.indexOf(VERSION);
        String path = version < 0 ? header : header.substring(0, version);
        Optional<String> versionId =
                version < 0 ? Optional.empty() : Optional.of(header.substring(version + VERSION.length()));
        String decoded = decode(path, header);
        String bare = decoded.startsWith("/") ? decoded.substring(1) : decoded;
        int slash = bare.indexOf('/');
        if (slash <= 0 || slash == bare.length() - 1) {
            throw S3Exception.invalidArgument(
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", HEADER, header);
        }
        String key = bare.substring(slash + 1);
        Addressing.checkLength(key);
        return new CopySource(
                bare.substring(0, slash), key, versionId.map(id -> VersionIds.require(decode(id, header), HEADER)));
    }

    private static String decode(final String coded, final String header) {
        try {
            return PercentCoding.decodeQuery(coded, 0, coded.length());
        } catch (S3Exception notCoded) {
            throw S3Exception.invalidArgument("Invalid copy source encoding", HEADER, header);
        }
    }
}
