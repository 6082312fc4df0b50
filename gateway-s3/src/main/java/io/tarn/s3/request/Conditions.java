package io.tarn.s3.request;

import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.HttpDate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The conditional headers of a request (RFC 9110 section 13), or of a copy's source. A date that cannot be read is no condition.
 *
 * @param ifMatch proceed only if the ETag is one of these
 * @param ifNoneMatch proceed only if the ETag is none of these
 * @param ifModifiedSince proceed only if changed after this; ignored beside {@code ifNoneMatch}
 * @param ifUnmodifiedSince proceed only if not changed after this; ignored beside {@code ifMatch}
 */
public record Conditions(
        Optional<ETagMatch> ifMatch,
        Optional<ETagMatch> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    private static final Conditions NONE =
            new Conditions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** What the conditions say about an object. */
    public enum Outcome {
        /** All hold. */
        PROCEED,
        /** A reader has the object already: 304. */
        NOT_MODIFIED,
        /** One does not hold: 412. */
        PRECONDITION_FAILED
    }

    /** Further conditions of DeleteObject: the object's time and size. */
    public record DeleteConditions(Optional<Instant> lastModified, OptionalLong sizeBytes) {}

    /** The conditions on the request's own object. */
    public static Conditions of(final HeaderView headers) {
        return of(headers, "");
    }

    /** The conditions on the source of a copy ({@code x-amz-copy-source-if-…}). */
    public static Conditions ofCopySource(final HeaderView headers) {
        return of(headers, "x-amz-copy-source-");
    }

    private static Conditions of(final HeaderView headers, final String prefix) {
        var conditions = new Conditions(
                headers.first(prefix + "if-match").map(ETagMatch::parse),
                headers.first(prefix + "if-none-match").map(ETagMatch::parse),
                headers.first(prefix + "if-modified-since").flatMap(HttpDate::parse),
                headers.first(prefix + "if-unmodified-since").flatMap(HttpDate::parse));
        return conditions.isEmpty() ? NONE : conditions;
    }

    /**
     * The conditions that only DeleteObject has ({@code x-amz-if-match-last-modified-time}, {@code x-amz-if-match-size}).
     *
     * @throws S3Exception InvalidArgument when one cannot be read
     */
    public static DeleteConditions ofDelete(final HeaderView headers) {
        String time = "x-amz-if-match-last-modified-time";
        Optional<Instant> lastModified = headers.first(time).map(value -> HttpDate.parse(value)
                .orElseThrow(() -> S3Exception.invalidArgument("Invalid date", time, value)));
        Optional<String> size = headers.first("x-amz-if-match-size");
        return new DeleteConditions(
                lastModified,
                size.isPresent()
                        ? OptionalLong.of(ContentHeaders.nonNegative("x-amz-if-match-size", size.get()))
                        : OptionalLong.empty());
    }

    /** Whether there is no condition at all. */
    public boolean isEmpty() {
        return ifMatch.isEmpty() && ifNoneMatch.isEmpty() && ifModifiedSince.isEmpty() && ifUnmodifiedSince.isEmpty();
    }

    /** Evaluates for GET and HEAD of an object that exists. Times are compared in whole seconds, as headers carry them. */
    public Outcome evaluateRead(final String etag, final Instant lastModified) {
        Instant modified = lastModified.truncatedTo(ChronoUnit.SECONDS);
        if (ifMatch.isPresent()) {
            if (!ifMatch.get().matches(etag)) {
                return Outcome.PRECONDITION_FAILED;
            }
        } else if (ifUnmodifiedSince.isPresent() && modified.isAfter(ifUnmodifiedSince.get())) {
            return Outcome.PRECONDITION_FAILED;
        }
        if (ifNoneMatch.isPresent()) {
            return ifNoneMatch.get().matches(etag) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
        }
        return ifModifiedSince.isPresent() && !modified.isAfter(ifModifiedSince.get())
                ? Outcome.NOT_MODIFIED
                : Outcome.PROCEED;
    }

    /** Whether {@code If-Range}, a strong ETag or an exact date (RFC 9110 section 13.1.5), names this state of an object. */
    public static boolean ifRangeHolds(final String header, final String etag, final Instant lastModified) {
        String value = header.strip();
        Optional<Instant> date = value.startsWith("\"") ? Optional.empty() : HttpDate.parse(value);
        return date.isPresent()
                ? date.get().equals(lastModified.truncatedTo(ChronoUnit.SECONDS))
                : !value.startsWith("W/") && ETagMatch.parse(value).etags().contains(etag);
    }

    /** Evaluates for a copy's source: what a read would answer with 304 is a failed precondition here. */
    public Outcome evaluateCopySource(final String etag, final Instant lastModified) {
        return evaluateRead(etag, lastModified) == Outcome.PROCEED ? Outcome.PROCEED : Outcome.PRECONDITION_FAILED;
    }

    /**
     * The entity tags of one header.
     *
     * @param any whether the header is {@code *}
     * @param etags the tags without quotes and weakness marks
     */
    public record ETagMatch(boolean any, List<String> etags) {
        /** Parses {@code *} or a list of tags; quotes may be missing, as S3 tolerates. */
        public static ETagMatch parse(final String header) {
            if (header.strip().equals("*")) {
                return new ETagMatch(true, List.of());
            }
            return new ETagMatch(
                    false,
                    header.lines()
                            .flatMap(line -> List.of(line.split(",", -1)).stream())
                            .map(ETagMatch::bare)
                            .filter(tag -> !tag.isEmpty())
                            .toList());
        }

        private static String bare(final String tag) {
            String bare = tag.strip();
            bare = bare.startsWith("W/") ? bare.substring(2) : bare;
            boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
            return quoted ? bare.substring(1, bare.length() - 1) : bare;
        }

        /** Whether this ETag, with or without quotes, is one of them. */
        public boolean matches(final String etag) {
            return any || etags.contains(bare(etag));
        }
    }
}
