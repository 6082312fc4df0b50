package io.tarn.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size on the command line: a number, with {@code KiB}, {@code MiB} or {@code GiB} or none for bytes.
 *
 * @param bytes the size
 */
record ByteSize(long bytes) {
    private static final long MEBIBYTE = 1 << 20;
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(|b|kib|mib|gib)");

    static ByteSize parse(final String text) {
        final Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 4096, 4KiB or 1GiB");
        }
        final int shift =
                switch (matcher.group(2)) {
                    case "kib" -> 10;
                    case "mib" -> 20;
                    case "gib" -> 30;
                    default -> 0;
                };
        return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    }

    int intBytes() {
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(bytes + " bytes are more than an object may have here");
        }
        return (int) bytes;
    }

    int intMebibytes() {
        if (bytes < MEBIBYTE || bytes % MEBIBYTE != 0) {
            throw new IllegalArgumentException(bytes + " bytes are no whole number of MiB");
        }
        return Math.toIntExact(bytes / MEBIBYTE);
    }
}
