package io.tarn.s3.wire;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decoded query string: parameters in the order sent, names matched exactly. Immutable. */
public final class QueryParameters {
    /** More parameters than this are refused; no S3 operation has a tenth of it. */
    public static final int MAX_PARAMETERS = 128;

    private static final QueryParameters NONE = new QueryParameters(List.of());

    private final List<Parameter> parameters;

    private QueryParameters(final List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /** One parameter; {@code ?acl} and {@code ?acl=} both have the empty value. */
    public record Parameter(String name, String value) {}

    /** Parses what follows the {@code ?}. Fails with InvalidURI if it cannot be decoded or has too many parameters. */
    public static QueryParameters parse(final String rawQuery) {
        if (rawQuery.isEmpty()) {
            return NONE;
        }
        var parameters = new ArrayList<Parameter>(8);
        int start = 0;
        while (start <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            end = end < 0 ? rawQuery.length() : end;
            if (end > start) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw new S3Exception(S3ErrorCode.INVALID_URI);
                }
                parameters.add(parameter(rawQuery, start, end));
            }
            start = end + 1;
        }
        return new QueryParameters(List.copyOf(parameters));
    }

    private static Parameter parameter(final String rawQuery, final int start, final int end) {
        int equals = rawQuery.indexOf('=', start);
        if (equals < 0 || equals > end) {
            return new Parameter(PercentCoding.decodeQuery(rawQuery, start, end), "");
        }
        return new Parameter(
                PercentCoding.decodeQuery(rawQuery, start, equals),
                PercentCoding.decodeQuery(rawQuery, equals + 1, end));
    }

    /** Whether the parameter is there, with or without a value. */
    public boolean has(final String name) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The first value of the parameter; present and empty for {@code ?name}. */
    public Optional<String> first(final String name) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /** Every parameter, in the order sent. */
    public List<Parameter> all() {
        return parameters;
    }

    /** Whether there is no parameter at all. */
    public boolean isEmpty() {
        return parameters.isEmpty();
    }
}
