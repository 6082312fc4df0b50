package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "key", description = "Access keys of users.", synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("access-key", "accessKey"),
            new Column(
                    "user",
                    key -> key.path("tenant").asString() + "/"
                            + key.path("user").asString()),
            Column.of("enabled", "enabled"),
            Column.of("created", "created"));
    private static final List<Column> CREATED = List.of(
            Column.of("access-key", "accessKey"),
            Column.of("secret-key", "secretKey"),
            new Column(
                    "user",
                    key -> key.path("tenant").asString() + "/"
                            + key.path("user").asString()));

    /** On or off. */
    static final class Switch {
        @Option(names = "--enable", required = true, description = "Accept requests signed with it.")
        private boolean enable;

        @Option(names = "--disable", required = true, description = "Refuse requests signed with it.")
        private boolean disable;
    }

    @Command(name = "create", description = "Create an access key. The secret is shown only now.")
    void create(
            @Option(
                            names = "--user",
                            required = true,
                            paramLabel = "TENANT/USER",
                            converter = QualifiedUser.Converter.class,
                            description = "Whose key it is.")
                    final QualifiedUser user,
            @Option(names = "--access-key", paramLabel = "ID", description = "Its id. Default: a random one.")
                    final String id,
            @Option(names = "--secret-key", paramLabel = "SECRET", description = "Its secret. Default: a random one.")
                    final String secret,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final Map<String, Object> body = new HashMap<>();
        if (id != null) {
            body.put("accessKey", id);
        }
        if (secret != null) {
            body.put("secretKey", secret);
        }
        output.details(connection.client().post(user.path() + "/keys", body), CREATED);
    }

    @Command(name = "list", description = "List the access keys of a user.")
    void list(
            @Option(
                            names = "--user",
                            required = true,
                            paramLabel = "TENANT/USER",
                            converter = QualifiedUser.Converter.class,
                            description = "Whose keys.")
                    final QualifiedUser user,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.table(connection.client().get(user.path() + "/keys"), COLUMNS);
    }

    @Command(name = "show", description = "Show an access key, without its secret.")
    void show(
            @Parameters(paramLabel = "ID", description = "Its id.") final String id,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.details(connection.client().get("/keys/" + Paths.segment(id)), COLUMNS);
    }

    @Command(name = "set", description = "Enable or disable an access key.")
    void set(
            @Parameters(paramLabel = "ID", description = "Its id.") final String id,
            @ArgGroup(multiplicity = "1") final Switch state,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.details(
                connection
                        .client()
                        .patch("/keys/" + Paths.segment(id), Map.of("enabled", state.enable && !state.disable)),
                COLUMNS);
    }

    @Command(name = "delete", description = "Delete an access key.")
    void delete(
            @Parameters(paramLabel = "ID", description = "Its id.") final String id,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        connection.client().delete("/keys/" + Paths.segment(id));
        output.done("access key " + id + " deleted");
    }
}
