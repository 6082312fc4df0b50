package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.PercentCoding;
import io.tarn.s3.wire.RawRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds bucket and key in a request: in the host for virtual-host style ({@code bucket.s3.example.com}) below one of the
 * configured base domains, in the path otherwise. Immutable and thread-safe.
 */
public final class Addressing {
    /** Longest key, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    private final List<String> domainSuffixes;

    /** Addressing below these domains, for example {@code s3.example.com}; with none every request is path-style. */
    public Addressing(final List<String> baseDomains) {
        domainSuffixes = baseDomains.stream()
                .map(domain -> "." + domain.toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Where a request goes.
     *
     * @param bucket empty for requests to the service
     * @param key empty for requests to the service or a bucket
     * @param virtualHosted whether the bucket came from the host, which signature version 2 signs
     */
    public record Target(Optional<String> bucket, Optional<String> key, boolean virtualHosted) {
        /** The path that AWS reports as {@code Resource} of an error. */
        public String resource() {
            return "/" + bucket.orElse("") + key.map(k -> "/" + k).orElse("");
        }
    }

    /** The bucket named by the host header, if the request is virtual-host style. Never fails. */
    public Optional<String> hostBucket(final RawRequest request) {
        if (domainSuffixes.isEmpty()) {
            return Optional.empty();
        }
        String host = request.headers().first("host").orElse("").toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        String name = port > 0 && host.indexOf(']', port) < 0 ? host.substring(0, port) : host;
        for (String suffix : domainSuffixes) {
            if (name.length() > suffix.length() && name.endsWith(suffix)) {
                return Optional.of(name.substring(0, name.length() - suffix.length()));
            }
        }
        return Optional.empty();
    }

    /**
     * Decodes bucket and key. The key is taken exactly: no segment is dropped, merged or resolved. Fails with InvalidURI if the
     * path is not percent-coded UTF-8, KeyTooLongError if the key is over {@link #MAX_KEY_BYTES}.
     */
    public Target resolve(final RawRequest request) {
        String path = PercentCoding.decodePath(request.rawPath());
        if (path.isEmpty() || path.charAt(0) != '/') {
            throw new S3Exception(S3ErrorCode.INVALID_URI);
        }
        Optional<String> hosted = hostBucket(request);
        if (hosted.isPresent()) {
            return new Target(hosted, key(path, 1), true);
        }
        int slash = path.indexOf('/', 1);
        if (path.length() == 1) {
            return new Target(Optional.empty(), Optional.empty(), false);
        }
        return slash < 0
                ? new Target(Optional.of(path.substring(1)), Optional.empty(), false)
                : new Target(Optional.of(path.substring(1, slash)), key(path, slash + 1), false);
    }

    private static Optional<String> key(final String path, final int from) {
        if (from == path.length()) {
            return Optional.empty();
        }
        String key = path.substring(from);
        checkLength(key);
        return Optional.of(key);
    }

    /** Fails with KeyTooLongError if the key's UTF-8 is over {@link #MAX_KEY_BYTES}. */
    public static void checkLength(final String key) {
        if (key.length() * 3 > MAX_KEY_BYTES) {
            int bytes = key.length() > MAX_KEY_BYTES ? key.length() : key.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_KEY_BYTES) {
                throw new S3Exception(S3ErrorCode.KEY_TOO_LONG)
                        .with("Size", String.valueOf(bytes))
                        .with("MaxSizeAllowed", String.valueOf(MAX_KEY_BYTES));
            }
        }
    }
}
