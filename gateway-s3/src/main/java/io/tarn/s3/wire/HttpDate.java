package io.tarn.s3.wire;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates of HTTP headers: the three formats of RFC 9110 section 5.6.7, and the two ISO 8601 forms that AWS clients send. The
 * day's name is read over, as AWS does: a wrong one is no error.
 */
public final class HttpDate {
    private static final int MAX_LENGTH = 64;
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTH_NAMES = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int FIXED_LENGTH = 29;
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /** Formats for {@code Last-Modified} and its like; whole seconds. Two allocations, for it stands in every answer. */
    public static String format(final Instant instant) {
        long second = instant.getEpochSecond();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_PER_DAY));
        if (date.getYear() < 0 || date.getYear() > 9999) {
            return IMF_FIXDATE.format(instant);
        }
        int ofDay = Math.floorMod(second, SECONDS_PER_DAY);
        var text = new byte[FIXED_LENGTH];
        put(text, 0, DAYS[date.getDayOfWeek().getValue() - 1]);
        put(text, 3, ", ");
        putNumber(text, 5, date.getDayOfMonth());
        text[7] = ' ';
        put(text, 8, MONTH_NAMES[date.getMonthValue() - 1]);
        text[11] = ' ';
        putNumber(text, 12, date.getYear() / 100);
        putNumber(text, 14, date.getYear() % 100);
        text[16] = ' ';
        putNumber(text, 17, ofDay / 3600);
        text[19] = ':';
        putNumber(text, 20, ofDay / 60 % 60);
        text[22] = ':';
        putNumber(text, 23, ofDay % 60);
        put(text, 25, " GMT");
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(final byte[] text, final int at, final String part) {
        for (int i = 0; i < part.length(); i++) {
            text[at + i] = (byte) part.charAt(i);
        }
    }

    private static void putNumber(final byte[] text, final int at, final int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /** Parses any of the formats; empty if the text is none of them. */
    public static Optional<Instant> parse(final String text) {
        String value = text.strip();
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return Character.isDigit(value.charAt(0)) ? parseIso(value) : parseNamed(value);
        } catch (DateTimeException | NumberFormatException notADate) {
            return Optional.empty();
        }
    }

    /** Parses {@code yyyyMMdd'T'HHmmss'Z'}, the form of {@code x-amz-date}; empty if it is anything else. */
    public static Optional<Instant> parseBasicIso(final String text) {
        if (text.length() != 16 || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        for (int i = 0; i < 15; i++) {
            char c = text.charAt(i);
            if (i != 8 && (c < '0' || c > '9')) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 4, 6),
                            number(text, 6, 8),
                            number(text, 9, 11),
                            number(text, 11, 13),
                            number(text, 13, 15))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException outOfRange) {
            return Optional.empty();
        }
    }

    private static int number(final String text, final int from, final int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static Optional<Instant> parseIso(final String value) {
        Optional<Instant> basic = parseBasicIso(value);
        return basic.isPresent() ? basic : Optional.of(DateTimeFormatter.ISO_DATE_TIME.parse(value, Instant::from));
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}, {@code Sunday, 06-Nov-94 08:49:37 GMT}, {@code Sun Nov  6 08:49:37 1994}. */
    private static Optional<Instant> parseNamed(final String value) {
        List<String> words = words(value);
        if (words.size() == 5 && MONTHS.contains(words.get(1).toLowerCase(Locale.ROOT))) {
            return at(words.get(4), words.get(1), words.get(2), words.get(3));
        }
        boolean utc = words.size() == 6 && isUtc(words.get(5));
        return utc ? at(words.get(3), words.get(2), words.get(1), words.get(4)) : Optional.empty();
    }

    private static boolean isUtc(final String zone) {
        return switch (zone) {
            case "GMT", "UTC", "+0000", "-0000", "Z" -> true;
            default -> false;
        };
    }

    /** The words between spaces and commas; the day, month and year of the second format count as three. */
    private static List<String> words(final String value) {
        var words = new ArrayList<String>(6);
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            boolean separator = i == value.length() || value.charAt(i) == ' ' || value.charAt(i) == ',';
            boolean dash = !separator && value.charAt(i) == '-' && words.size() >= 1 && words.size() <= 3;
            if (separator || dash) {
                if (i > start) {
                    words.add(value.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }

    private static Optional<Instant> at(final String year, final String month, final String day, final String time) {
        int monthNumber = MONTHS.indexOf(month.toLowerCase(Locale.ROOT)) + 1;
        if (time.length() != 8 || time.charAt(2) != ':' || time.charAt(5) != ':') {
            return Optional.empty();
        }
        return Optional.of(LocalDateTime.of(
                        year(year),
                        monthNumber,
                        Integer.parseInt(day),
                        number(time, 0, 2),
                        number(time, 3, 5),
                        number(time, 6, 8))
                .toInstant(ZoneOffset.UTC));
    }

    /** A year of two digits belongs to 1970–2069. */
    private static int year(final String digits) {
        int year = Integer.parseInt(digits);
        if (digits.length() > 2) {
            return year;
        }
        return year < 70 ? 2000 + year : 1900 + year;
    }
}
