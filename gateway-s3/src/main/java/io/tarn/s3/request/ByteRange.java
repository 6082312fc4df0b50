package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.Optional;

/**
 * The range a client asks for (RFC 9110 section 14). As AWS does, anything but one well-formed range of bytes is ignored and the
 * whole object answered.
 */
public sealed interface ByteRange {
    /** {@code bytes=first-last}; {@code last} is {@link Long#MAX_VALUE} for {@code bytes=first-}. */
    record FromTo(long first, long last) implements ByteRange {}

    /** {@code bytes=-length}: the last bytes of the object. */
    record Suffix(long length) implements ByteRange {}

    /** A range laid on an object: {@code length} bytes from {@code offset} of an object of {@code size}; never empty. */
    record Resolved(long offset, long length, long size) {
        /** The value of {@code Content-Range}. */
        public String contentRange() {
            return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
        }
    }

    /** Parses a {@code Range} header; empty if it is to be ignored. Never fails. */
    static Optional<ByteRange> parse(final String header) {
        String value = header.strip();
        if (!value.regionMatches(true, 0, "bytes=", 0, 6)) {
            return Optional.empty();
        }
        String spec = value.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || spec.indexOf(',') >= 0) {
            return Optional.empty();
        }
        long first = number(spec.substring(0, dash).strip());
        long last = number(spec.substring(dash + 1).strip());
        if (first == INVALID || last == INVALID || (first == ABSENT && last == ABSENT)) {
            return Optional.empty();
        }
        if (first == ABSENT) {
            return Optional.of(new Suffix(last));
        }
        if (last == ABSENT) {
            return Optional.of(new FromTo(first, Long.MAX_VALUE));
        }
        return first <= last ? Optional.of(new FromTo(first, last)) : Optional.empty();
    }

    /**
     * Parses {@code x-amz-copy-source-range}, where only {@code bytes=first-last} is allowed.
     *
     * @throws S3Exception InvalidArgument for any other form
     */
    static FromTo parseCopyRange(final String header) {
        if (header.startsWith("bytes=")
                && parse(header).orElse(null) instanceof FromTo range
                && range.last() != Long.MAX_VALUE) {
            return range;
        }
        throw S3Exception.invalidArgument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                        + "zero-based offsets of the first and last bytes to copy",
                "x-amz-copy-source-range",
                header);
    }

    /**
     * Lays the range on an object of {@code size} bytes; an end past the object is cut.
     *
     * @throws S3Exception InvalidRange when no byte of the object is in it
     */
    default Resolved resolve(final long size) {
        long offset = 0;
        long end = size;
        switch (this) {
            case FromTo range -> {
                offset = range.first();
                end = range.last() < size ? range.last() + 1 : size;
            }
            case Suffix suffix -> offset = Math.max(0, size - suffix.length());
        }
        if (offset >= end) {
            throw new S3Exception(S3ErrorCode.INVALID_RANGE)
                    .with("RangeRequested", headerValue())
                    .with("ActualObjectSize", String.valueOf(size));
        }
        return new Resolved(offset, end - offset, size);
    }

    /** The range as a header would have it. */
    default String headerValue() {
        return switch (this) {
            case FromTo range ->
                "bytes=" + range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : String.valueOf(range.last()));
            case Suffix suffix -> "bytes=-" + suffix.length();
        };
    }

    private static long number(final String digits) {
        if (digits.isEmpty()) {
            return ABSENT;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            number = number > (Long.MAX_VALUE - 10) / 10 ? Long.MAX_VALUE - 10 : number * 10 + digit;
        }
        return number;
    }

    /** No digits stand at this side of the dash. */
    long ABSENT = -1;

    /** What stands at this side of the dash is no number. */
    long INVALID = -2;
}
