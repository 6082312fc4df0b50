package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(name = "status", description = "Show how the server is. Fails when it is not well.")
final class StatusCommand implements Callable<Integer> {
    private static final List<Column> COLUMNS = List.of(
            Column.of("version", "version"),
            Column.of("healthy", "healthy"),
            new Column("troubles", status -> list(status.path("troubles"), "none")),
            Column.of("tenants", "tenants"),
            new Column("shards", status -> status.path("shards")
                    .valueStream()
                    .map(StatusCommand::shard)
                    .collect(Collectors.joining("; "))));

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        final JsonNode status = connection.client().get("/status");
        output.details(status, COLUMNS);
        return status.path("healthy").asBoolean() ? 0 : CommandFailure.FAILED;
    }

    private static String list(final JsonNode texts, final String none) {
        return texts.isEmpty()
                ? none
                : texts.valueStream().map(JsonNode::asString).collect(Collectors.joining("; "));
    }

    private static String shard(final JsonNode shard) {
        return shard.path("number").asString() + (shard.path("leader").asBoolean() ? " leads" : " does not lead")
                + " at " + shard.path("appliedIndex").asString();
    }
}
