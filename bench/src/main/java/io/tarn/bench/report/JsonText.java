package io.tarn.bench.report;

import java.util.Locale;
import java.util.function.Consumer;

/** JSON as it is written, one piece after another; separators come by themselves. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();

    /** What was written, and a line's end. */
    String text() {
        return out + "\n";
    }

    void object(final Runnable body) {
        out.append('{');
        body.run();
        out.append('}');
    }

    <T> void array(final Iterable<T> items, final Consumer<T> body) {
        out.append('[');
        for (final T item : items) {
            separate();
            body.accept(item);
        }
        out.append(']');
    }

    void name(final String name) {
        separate();
        string(name);
        out.append(':');
    }

    void field(final String name, final String value) {
        name(name);
        string(value);
    }

    void field(final String name, final long value) {
        name(name);
        out.append(value);
    }

    void field(final String name, final boolean value) {
        name(name);
        out.append(value);
    }

    void field(final String name, final double value) {
        name(name);
        out.append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : "null");
    }

    private void separate() {
        if (out.isEmpty()) {
            return;
        }
        final char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[' && last != ':') {
            out.append(',');
        }
    }

    private void string(final String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
