package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

@Command(
        name = "tenant",
        description = "Tenants: the borders of names, rights and quotas.",
        synopsisSubcommandLabel = "COMMAND")
final class TenantCommand {
    private static final List<Column> LIST =
            List.of(Column.of("name", "name"), new Column("quota", Output::quota), Column.of("created", "created"));
    private static final List<Column> SHOW = List.of(
            Column.of("name", "name"),
            new Column("quota", Output::quota),
            new Column("usage", Output::usage),
            Column.of("created", "created"));

    @Command(name = "create", description = "Create a tenant.")
    void create(
            @Parameters(paramLabel = "TENANT", description = "Its name.") final String name,
            @Mixin final QuotaOptions quota,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final Map<String, Object> body = new HashMap<>(Map.of("name", name));
        quota.over(MissingNode.getInstance()).ifPresent(limits -> body.put("quota", limits));
        output.details(connection.client().post("/tenants", body), LIST);
    }

    @Command(name = "list", description = "List tenants.")
    void list(@Mixin final Connection connection, @Mixin final Output output) {
        output.table(connection.client().get("/tenants"), LIST);
    }

    @Command(name = "show", description = "Show a tenant and what it uses.")
    void show(
            @Parameters(paramLabel = "TENANT", description = "Its name.") final String name,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.details(connection.client().get("/tenants/" + Paths.segment(name)), SHOW);
    }

    @Command(name = "set", description = "Change a tenant's quota.")
    void set(
            @Parameters(paramLabel = "TENANT", description = "Its name.") final String name,
            @Mixin final QuotaOptions quota,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final AdminClient client = connection.client();
        final String path = "/tenants/" + Paths.segment(name);
        final JsonNode present = client.get(path);
        final var limits = quota.over(present.path("quota"))
                .orElseThrow(
                        () -> new CommandFailure(CommandFailure.USAGE, "nothing to change: give --quota or --inodes"));
        output.details(client.patch(path, Map.of("quota", limits)), LIST);
    }

    @Command(name = "delete", description = "Delete a tenant without users and volumes.")
    void delete(
            @Parameters(paramLabel = "TENANT", description = "Its name.") final String name,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        connection.client().delete("/tenants/" + Paths.segment(name));
        output.done("tenant " + name + " deleted");
    }
}
