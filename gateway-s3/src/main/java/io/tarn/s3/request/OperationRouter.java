package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Operation.Level;
import io.tarn.s3.wire.HeaderView;
import io.tarn.s3.wire.QueryParameters;
import io.tarn.s3.wire.RawRequest;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the operation by level, method and the first parameter that names a sub-resource. Two hash look-ups a request. */
final class OperationRouter {
    /** Told apart from another operation of the same level, method and sub-resource after the look-up. */
    private static final Set<Operation> VARIANTS = EnumSet.of(
            Operation.COPY_OBJECT,
            Operation.UPLOAD_PART_COPY,
            Operation.LIST_BUCKET_ANALYTICS,
            Operation.LIST_BUCKET_INVENTORY,
            Operation.LIST_BUCKET_METRICS,
            Operation.LIST_BUCKET_INTELLIGENT_TIERING,
            Operation.CORS_PREFLIGHT,
            Operation.WRITE_GET_OBJECT_RESPONSE);

    private static final Map<Level, Map<String, Map<String, Operation>>> TABLE = table();

    private OperationRouter() {}

    static Operation route(
            final RawRequest raw,
            final Addressing.Target target,
            final QueryParameters query,
            final HeaderView headers) {
        String method = raw.method();
        if (method.equals("OPTIONS")) {
            return Operation.CORS_PREFLIGHT;
        }
        if (raw.rawPath().equals("/WriteGetObjectResponse") && method.equals("POST")) {
            return Operation.WRITE_GET_OBJECT_RESPONSE;
        }
        Level level =
                target.key().isPresent() ? Level.OBJECT : target.bucket().isPresent() ? Level.BUCKET : Level.SERVICE;
        Map<String, Map<String, Operation>> subResources = TABLE.get(level);
        String subResource = subResource(query, subResources, method);
        Operation found = Optional.ofNullable(subResources.get(subResource).get(method))
                .orElseThrow(() -> notAllowed(method, level, subResource));
        return variant(found, headers, query);
    }

    private static String subResource(
            final QueryParameters query, final Map<String, Map<String, Operation>> subResources, final String method) {
        if (query.isEmpty()) {
            return "";
        }
        String named = "";
        for (QueryParameters.Parameter parameter : query.all()) {
            Map<String, Operation> methods = subResources.get(parameter.name());
            if (methods == null || parameter.name().isEmpty()) {
                continue;
            }
            if (methods.containsKey(method)) {
                return parameter.name();
            }
            named = parameter.name();
        }
        return named;
    }

    private static Operation variant(final Operation found, final HeaderView headers, final QueryParameters query) {
        return switch (found) {
            case PUT_OBJECT -> wholeObject(query) && isCopy(headers) ? Operation.COPY_OBJECT : found;
            case UPLOAD_PART -> isCopy(headers) ? Operation.UPLOAD_PART_COPY : found;
            case LIST_OBJECTS_V2 -> listVersion(query);
            case GET_BUCKET_ANALYTICS -> query.has("id") ? found : Operation.LIST_BUCKET_ANALYTICS;
            case GET_BUCKET_INVENTORY -> query.has("id") ? found : Operation.LIST_BUCKET_INVENTORY;
            case GET_BUCKET_METRICS -> query.has("id") ? found : Operation.LIST_BUCKET_METRICS;
            case GET_BUCKET_INTELLIGENT_TIERING -> query.has("id") ? found : Operation.LIST_BUCKET_INTELLIGENT_TIERING;
            default -> found;
        };
    }

    /** A part that names no upload would take the place of the object. */
    private static boolean wholeObject(final QueryParameters query) {
        Optional<String> partNumber = query.isEmpty() ? Optional.empty() : query.first("partNumber");
        if (partNumber.isPresent()) {
            throw S3Exception.invalidArgument(
                    "The partNumber parameter needs an uploadId beside it.", "partNumber", partNumber.get());
        }
        return true;
    }

    private static boolean isCopy(final HeaderView headers) {
        return headers.first("x-amz-copy-source").isPresent();
    }

    private static Operation listVersion(final QueryParameters query) {
        String type = query.first("list-type").orElse("");
        return switch (type) {
            case "2" -> Operation.LIST_OBJECTS_V2;
            case "", "1" -> Operation.LIST_OBJECTS;
            default -> throw S3Exception.invalidArgument("Invalid List Type specified in Query", "list-type", type);
        };
    }

    private static S3Exception notAllowed(final String method, final Level level, final String subResource) {
        String type = subResource.isEmpty() ? level.name() : subResource.toUpperCase(Locale.ROOT);
        return new S3Exception(S3ErrorCode.METHOD_NOT_ALLOWED)
                .with("Method", method)
                .with("ResourceType", type);
    }

    private static Map<Level, Map<String, Map<String, Operation>>> table() {
        var table = new EnumMap<Level, Map<String, Map<String, Operation>>>(Level.class);
        for (Operation operation : Operation.values()) {
            if (!VARIANTS.contains(operation)) {
                table.computeIfAbsent(operation.level(), level -> new HashMap<>())
                        .computeIfAbsent(operation.subResource(), name -> new HashMap<>())
                        .put(operation.method(), operation);
            }
        }
        return table;
    }
}
