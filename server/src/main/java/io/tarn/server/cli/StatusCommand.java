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
                    .collect(Collectors.joining("; "))),
            new Column("background", status -> status.path("background")
                    .valueStream()
                    .filter(StatusCommand::isNoteworthy)
                    .map(StatusCommand::work)
                    .collect(Collectors.collectingAndThen(
                            Collectors.joining("; "), works -> works.isEmpty() ? "nothing waits" : works))),
            new Column("unreadable", status -> list(status.path("unreadable"), "none")));

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

    private static boolean isNoteworthy(final JsonNode work) {
        return work.path("backlog").asLong() > 0 || work.path("errors").asLong() > 0;
    }

    private static String work(final JsonNode work) {
        final String errors = work.path("errors").asString();
        return "%s: backlog %s, done %s%s"
                .formatted(
                        work.path("name").asString(),
                        work.path("backlog").asString(),
                        work.path("done").asString(),
                        errors.equals("0") ? "" : ", errors " + errors + trouble(work.path("trouble")));
    }

    private static String trouble(final JsonNode trouble) {
        return trouble.isString() ? " (" + trouble.asString() + ")" : "";
    }

    private static String shard(final JsonNode shard) {
        return shard.path("number").asString() + (shard.path("leader").asBoolean() ? " leads" : " does not lead")
                + " at " + shard.path("appliedIndex").asString();
    }
}
