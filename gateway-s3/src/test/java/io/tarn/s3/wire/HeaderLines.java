package io.tarn.s3.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Headers for tests: lines as they would be sent. */
public final class HeaderLines implements HeaderView {
    private final List<String[]> lines = new ArrayList<>();

    /** Headers from names and values in turn. */
    public static HeaderLines of(final String... namesAndValues) {
        var headers = new HeaderLines();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /** Adds a line. */
    public HeaderLines with(final String name, final String value) {
        lines.add(new String[] {name, value});
        return this;
    }

    @Override
    public Optional<String> first(final String name) {
        return all(name).stream().findFirst();
    }

    @Override
    public List<String> all(final String name) {
        return lines.stream()
                .filter(line -> line[0].equalsIgnoreCase(name))
                .map(line -> line[1])
                .toList();
    }

    @Override
    public void forEach(final BiConsumer<String, String> action) {
        lines.forEach(line -> action.accept(line[0], line[1]));
    }
}
