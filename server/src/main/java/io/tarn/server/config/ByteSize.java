package io.tarn.server.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 4096}, {@code 64KiB}, {@code 1.5GiB}, {@code 10GB}. Units with an i are powers of
 * 1,024, those without are powers of 1,000.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGTPE]?)(I?)B?");
    private static final String PREFIXES = "KMGTPE";
    private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative size " + bytes);
        }
    }

    /** @throws IllegalArgumentException when the text is not a size, or is not a whole number of bytes below 2^63 */
    public static ByteSize parse(final String text) {
        final Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && !matcher.group(3).isEmpty())) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 4096, 64KiB or 10GiB");
        }
        final int power = PREFIXES.indexOf(matcher.group(2)) + 1;
        final long base = matcher.group(3).isEmpty() ? 1000 : 1024;
        final BigDecimal factor = matcher.group(2).isEmpty()
                ? BigDecimal.ONE
                : BigDecimal.valueOf(base).pow(power);
        try {
            return new ByteSize(
                    new BigDecimal(matcher.group(1)).multiply(factor).longValueExact());
        } catch (final ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of bytes below 8 EiB", e);
        }
    }

    /** The size in the largest binary unit that keeps it exact. */
    @Override
    public String toString() {
        long value = bytes;
        int unit = 0;
        while (value != 0 && value % 1024 == 0 && unit < BINARY.size() - 1) {
            value /= 1024;
            unit++;
        }
        return value + BINARY.get(unit);
    }

    /** The size to one decimal in a unit that leaves at most four digits, for people. */
    public String rounded() {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, BINARY.get(unit));
    }
}
