package io.tarn.s3.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The headers of a presigned request. Presigners move headers into the query, where whoever follows the URL sends them
 * without knowing: parameters named {@code x-amz-…}, and the {@code content-type} and {@code content-md5} of version 2, count
 * as headers here. A header that was really sent goes before a parameter.
 *
 * <p>Only for requests whose signature is verified, for it covers the parameters. Version 2 signs those in lower case only.
 */
final class HoistedHeaders implements HeaderView {
    private static final String PREFIX = "x-amz-";

    private final HeaderView sent;
    private final QueryParameters query;
    private final boolean lowerCaseOnly;

    HoistedHeaders(final HeaderView sent, final QueryParameters query, final boolean lowerCaseOnly) {
        this.sent = sent;
        this.query = query;
        this.lowerCaseOnly = lowerCaseOnly;
    }

    @Override
    public Optional<String> first(final String name) {
        final Optional<String> header = sent.first(name);
        return header.isPresent() ? header : hoisted(name);
    }

    @Override
    public List<String> all(final String name) {
        final List<String> lines = sent.all(name);
        return lines.isEmpty() ? hoisted(name).map(List::of).orElse(List.of()) : lines;
    }

    @Override
    public void forEach(final BiConsumer<String, String> action) {
        sent.forEach(action);
        for (final QueryParameters.Parameter parameter : query.all()) {
            if (isHoisted(parameter.name()) && sent.first(parameter.name()).isEmpty()) {
                action.accept(parameter.name(), onTheWire(parameter.value()));
            }
        }
    }

    private Optional<String> hoisted(final String name) {
        for (final QueryParameters.Parameter parameter : query.all()) {
            if (parameter.name().equalsIgnoreCase(name) && isHoisted(parameter.name())) {
                return Optional.of(onTheWire(parameter.value()));
            }
        }
        return Optional.empty();
    }

    private boolean isHoisted(final String name) {
        return name.regionMatches(!lowerCaseOnly, 0, PREFIX, 0, PREFIX.length())
                || (lowerCaseOnly && (name.equals("content-type") || name.equals("content-md5")));
    }

    /** A header's value is the bytes of the wire as ISO-8859-1; a parameter was decoded already. */
    private static String onTheWire(final String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 127) {
                return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return value;
    }
}
