package io.tarn.server.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of a configuration record: components joined by dots, words joined by hyphens ({@code s3.idle-timeout}). */
final class ConfigKeys {
    private static final int FURTHEST_SUGGESTION = 4;

    private ConfigKeys() {}

    /** Every key that takes a value, with its component, in the order of the records. */
    static Map<String, RecordComponent> of(final Class<? extends Record> type) {
        final Map<String, RecordComponent> keys = new LinkedHashMap<>();
        collect(type, "", keys);
        return keys;
    }

    private static void collect(final Class<?> type, final String prefix, final Map<String, RecordComponent> keys) {
        for (final RecordComponent component : type.getRecordComponents()) {
            final String key = prefix + name(component);
            if (isSection(component)) {
                collect(component.getType(), key + ".", keys);
            } else {
                keys.put(key, component);
            }
        }
    }

    /** Whether the component holds further keys rather than a value. */
    static boolean isSection(final RecordComponent component) {
        return component.getType().isRecord() && component.getType() != ByteSize.class;
    }

    static String name(final RecordComponent component) {
        return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** The known key that was probably meant. */
    static Optional<String> suggestion(final String key, final Iterable<String> known) {
        final List<String> best = new ArrayList<>();
        int least = FURTHEST_SUGGESTION + 1;
        for (final String candidate : known) {
            final String last = candidate.substring(candidate.lastIndexOf('.') + 1);
            final int distance = Math.min(distance(key, candidate), key.equals(last) ? 1 : Integer.MAX_VALUE);
            if (distance < least) {
                least = distance;
                best.addFirst(candidate);
            }
        }
        return best.stream().findFirst();
    }

    /** Levenshtein's distance. */
    private static int distance(final String a, final String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
