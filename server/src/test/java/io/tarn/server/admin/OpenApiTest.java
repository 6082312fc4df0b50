package io.tarn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The description says what the server does: walked operation by operation and field by field. */
final class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete", "put");
    private static final Map<String, Class<?>> SCHEMAS = Map.ofEntries(
            Map.entry("Quota", Documents.Limits.class),
            Map.entry("Usage", Usage.class),
            Map.entry("Tenant", Documents.TenantDocument.class),
            Map.entry("NewTenant", Documents.NewTenant.class),
            Map.entry("TenantChange", Documents.TenantChange.class),
            Map.entry("User", Documents.UserDocument.class),
            Map.entry("NewUser", Documents.NewUser.class),
            Map.entry("UserChange", Documents.UserChange.class),
            Map.entry("Key", Documents.KeyDocument.class),
            Map.entry("NewKey", Documents.NewKey.class),
            Map.entry("KeyChange", Documents.KeyChange.class),
            Map.entry("Volume", Documents.VolumeDocument.class),
            Map.entry("NewVolume", Documents.NewVolume.class),
            Map.entry("VolumeChange", Documents.VolumeUpdate.class),
            Map.entry("Shard", Documents.ShardDocument.class),
            Map.entry("Status", Documents.StatusDocument.class),
            Map.entry("Work", Documents.WorkDocument.class),
            Map.entry("Check", Documents.CheckDocument.class),
            Map.entry("Problem", Problem.class));

    private final JsonNode document = read();

    @Test
    void everyOperationIsDescribedAndNoOther() {
        final Set<String> described = new TreeSet<>();
        document.path("paths")
                .forEachEntry((path, operations) -> operations.forEachEntry((method, operation) -> {
                    if (METHODS.contains(method)) {
                        described.add(method + " " + path + " " + success(operation));
                    }
                }));
        final Set<String> served = AdminApi.endpoints().stream()
                .map(endpoint -> endpoint.method().name().toLowerCase(Locale.ROOT) + " " + endpoint.path() + " "
                        + endpoint.success().value())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void everySchemaHasTheFieldsOfItsDocument() {
        final JsonNode schemas = document.path("components").path("schemas");
        assertThat(schemas.propertyNames()).containsExactlyInAnyOrderElementsOf(SCHEMAS.keySet());
        SCHEMAS.forEach(
                (name, type) -> assertThat(schemas.path(name).path("properties").propertyNames())
                        .as(name)
                        .containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList()));
    }

    @Test
    void everyPathVariableIsDeclaredAndEveryReferenceLeadsSomewhere() {
        document.path("paths").forEachEntry((path, operations) -> {
            final Set<String> declared = operations
                    .path("parameters")
                    .valueStream()
                    .map(parameter -> parameter.path("name").asString())
                    .collect(Collectors.toSet());
            final Set<String> used = Arrays.stream(path.split("/", -1))
                    .filter(segment -> segment.startsWith("{"))
                    .map(segment -> segment.substring(1, segment.length() - 1))
                    .collect(Collectors.toSet());
            assertThat(declared).as(path).isEqualTo(used);
        });
        for (final JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asString().substring(1)).isObject())
                    .as(reference.asString())
                    .isTrue();
        }
    }

    private static String success(final JsonNode operation) {
        return operation.path("responses").propertyNames().stream()
                .filter(status -> status.startsWith("2"))
                .collect(Collectors.joining());
    }

    private static JsonNode read() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            return JsonMapper.shared().readTree(in);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
