package io.tarn.bench.report;

import io.tarn.bench.load.Case;
import java.util.Locale;

/** Numbers as people read them: about three significant digits, units that fit. */
final class Figures {
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    private Figures() {}

    static String number(final double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        final double size = Math.abs(value);
        final String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    static String ratio(final double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "x %.2f", value) : "-";
    }

    static String size(final long bytes) {
        if (bytes >= MIB && bytes % MIB == 0) {
            return bytes / MIB + " MiB";
        }
        return bytes >= KIB && bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " B";
    }

    static String mebibytes(final long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes / MIB);
    }

    static String subject(final Case subject) {
        return switch (subject.operation()) {
            case LIST -> "LIST 1,000 of " + keys(subject);
            case PUT, GET, HEAD, MIXED, DELETE ->
                subject.operation() + " " + size(subject.sizeBytes()) + " of " + keys(subject);
        };
    }

    static String keys(final Case subject) {
        return String.format(Locale.ROOT, "%,d", subject.keysInBucket());
    }
}
