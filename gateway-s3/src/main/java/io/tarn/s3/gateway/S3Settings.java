package io.tarn.s3.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How the S3 front end listens and what it puts up with.
 *
 * @param host address to bind
 * @param port port to bind; 0 takes a free one
 * @param baseDomains domains below which a host names a bucket, for example {@code s3.example.com}; empty for path-style only
 * @param region region that clients sign for
 * @param limits bounds on what clients may take up
 */
public record S3Settings(String host, int port, List<String> baseDomains, String region, Limits limits) {
    public S3Settings {
        Objects.requireNonNull(host);
        Objects.requireNonNull(region);
        Objects.requireNonNull(limits);
        baseDomains = List.copyOf(baseDomains);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** 127.0.0.1:9000, path-style, us-east-1. */
    public static S3Settings defaults() {
        return new S3Settings("127.0.0.1", 9000, List.of(), "us-east-1", Limits.defaults());
    }

    public S3Settings withPort(final int newPort) {
        return new S3Settings(host, newPort, baseDomains, region, limits);
    }

    public S3Settings withLimits(final Limits newLimits) {
        return new S3Settings(host, port, baseDomains, region, newLimits);
    }

    /**
     * Bounds on what clients may take up.
     *
     * @param connections most open connections; further ones are closed at once
     * @param requests most requests in work; further ones are answered SlowDown
     * @param requestLineBytes longest request line: a key of 1,024 bytes is 3 KiB when coded, a presigned query about 2 KiB
     * @param headerBytes all header lines together
     * @param idleTimeout a connection without a request is closed after this
     * @param stallTimeout a client that neither sends nor takes a byte in the middle of a request is given up after this, and so
     *     is one that has not finished a request's head, or a body of up to 64 KiB, this long after it began
     * @param minBytesPerSecond a client that sends a body or takes an answer more slowly than this over the stall timeout is given up
     *     as well; only time spent waiting for it counts. 0 leaves it at the stall timeout
     */
    public record Limits(
            int connections,
            int requests,
            int requestLineBytes,
            int headerBytes,
            Duration idleTimeout,
            Duration stallTimeout,
            long minBytesPerSecond) {
        /** A minimum above this would turn away clients on ordinary lines, 1 MiB a second. */
        static final long MIN_RATE_MAX = 1024 * 1024;

        public Limits {
            if (connections < 1 || requests < 1 || requestLineBytes < 4096 || headerBytes < 8192) {
                throw new IllegalArgumentException("limits too low to serve anything");
            }
            if (minBytesPerSecond < 0 || minBytesPerSecond > MIN_RATE_MAX) {
                throw new IllegalArgumentException("minimum rate of " + minBytesPerSecond + " bytes a second");
            }
        }

        public static Limits defaults() {
            return new Limits(
                    10_000, 1_000, 16 * 1024, 32 * 1024, Duration.ofSeconds(75), Duration.ofSeconds(30), 1024);
        }
    }
}
