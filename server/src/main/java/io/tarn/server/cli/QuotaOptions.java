package io.tarn.server.cli;

import io.tarn.server.config.ByteSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** Limits, given to what has a quota. */
final class QuotaOptions {
    private static final String NONE = "none";

    @Option(
            names = "--quota",
            paramLabel = "SIZE",
            converter = Limit.Size.class,
            description = "Most bytes, such as 10GiB; 'none' for no limit.")
    private Limit bytes;

    @Option(
            names = "--inodes",
            paramLabel = "COUNT",
            converter = Limit.Count.class,
            description = "Most files, directories and versions together; 'none' for no limit.")
    private Limit inodes;

    /** A limit, or none. */
    record Limit(Optional<Long> value) {
        static final class Size implements ITypeConverter<Limit> {
            @Override
            public Limit convert(final String text) {
                try {
                    return new Limit(
                            text.equals(NONE)
                                    ? Optional.empty()
                                    : Optional.of(ByteSize.parse(text).bytes()));
                } catch (final IllegalArgumentException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            }
        }

        static final class Count implements ITypeConverter<Limit> {
            @Override
            public Limit convert(final String text) {
                try {
                    return new Limit(text.equals(NONE) ? Optional.empty() : Optional.of(Long.parseUnsignedLong(text)));
                } catch (final NumberFormatException e) {
                    throw new TypeConversionException("'" + text + "' is not a number");
                }
            }
        }
    }

    /** The quota that results from these options over the one there is; empty when none was given. */
    Optional<Map<String, Long>> over(final JsonNode present) {
        if (bytes == null && inodes == null) {
            return Optional.empty();
        }
        final Map<String, Long> quota = new HashMap<>();
        merge(quota, "bytes", bytes, present);
        merge(quota, "inodes", inodes, present);
        return Optional.of(quota);
    }

    private static void merge(
            final Map<String, Long> quota, final String field, final Limit limit, final JsonNode present) {
        if (limit != null) {
            limit.value().ifPresent(value -> quota.put(field, value));
        } else if (present.path(field).isNumber()) {
            quota.put(field, present.path(field).asLong());
        }
    }
}
