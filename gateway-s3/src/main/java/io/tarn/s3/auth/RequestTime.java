package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The time a request was signed at, and how far it may be off. */
final class RequestTime {
    static final Duration MAX_SKEW = Duration.ofMinutes(15);
    private static final DateTimeFormatter BASIC_ISO =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private RequestTime() {}

    /** The time in {@code x-amz-date}, else in {@code Date}; fails with AccessDenied if there is none or it is unreadable. */
    static Instant of(final HeaderView headers) {
        String text =
                headers.first("x-amz-date").or(() -> headers.first("date")).orElse("");
        Instant time = HttpDate.parse(text)
                .orElseThrow(() -> new S3Exception(
                        S3ErrorCode.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header"));
        if (time.isBefore(Instant.EPOCH)) {
            throw new S3Exception(
                    S3ErrorCode.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header");
        }
        return time;
    }

    /** Fails with RequestTimeTooSkewed when the client's clock is more than {@link #MAX_SKEW} from ours. */
    static void checkSkew(final Instant signedAt, final Instant now) {
        if (Duration.between(signedAt, now).abs().compareTo(MAX_SKEW) > 0) {
            throw new S3Exception(S3ErrorCode.REQUEST_TIME_TOO_SKEWED)
                    .with("RequestTime", format(signedAt))
                    .with("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                    .with("MaxAllowedSkewMilliseconds", String.valueOf(MAX_SKEW.toMillis()));
        }
    }

    /** The error for a presigned request that came too late. */
    static S3Exception expired(final Instant expires, final Instant now) {
        return new S3Exception(S3ErrorCode.ACCESS_DENIED, "Request has expired")
                .with("Expires", expires.toString())
                .with("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    static String format(final Instant time) {
        return BASIC_ISO.format(time);
    }
}
