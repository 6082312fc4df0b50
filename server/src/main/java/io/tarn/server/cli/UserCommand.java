package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "user", description = "Users of tenants.", synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.of("tenant", "tenant"),
            Column.of("name", "name"),
            Column.of("uid", "uid"),
            Column.of("gid", "gid"),
            new Column("groups", UserCommand::groups),
            Column.of("created", "created"));

    /** Which user is meant. */
    static final class Which {
        @Parameters(paramLabel = "USER", description = "Name of the user, or TENANT/USER.")
        private String name;

        @Option(names = "--tenant", paramLabel = "TENANT", description = "Its tenant.")
        private String tenant;

        QualifiedUser user() {
            if (name.contains("/")) {
                if (tenant != null) {
                    throw new CommandFailure(CommandFailure.USAGE, "the tenant is given twice");
                }
                return new QualifiedUser.Converter().convert(name);
            }
            if (tenant == null) {
                throw new CommandFailure(CommandFailure.USAGE, "name the tenant with --tenant, or as TENANT/USER");
            }
            return new QualifiedUser(tenant, name);
        }
    }

    /** POSIX ids of a user. */
    static final class Ids {
        @Option(
                names = "--uid",
                paramLabel = "N",
                description = "POSIX user id. Default for new users: the next free one.")
        private Integer uid;

        @Option(names = "--gid", paramLabel = "N", description = "POSIX group id. Default for new users: the uid.")
        private Integer gid;

        @Option(names = "--groups", paramLabel = "N", split = ",", description = "Supplementary group ids.")
        private List<Integer> groups;

        Map<String, Object> body() {
            final Map<String, Object> body = new HashMap<>();
            put(body, "uid", uid);
            put(body, "gid", gid);
            put(body, "groups", groups);
            return body;
        }

        private static void put(final Map<String, Object> body, final String field, final Object value) {
            if (value != null) {
                body.put(field, value);
            }
        }
    }

    @Command(name = "create", description = "Create a user.")
    void create(
            @Mixin final Which which,
            @Mixin final Ids ids,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final QualifiedUser user = which.user();
        final Map<String, Object> body = ids.body();
        body.put("name", user.user());
        final String path = "/tenants/" + Paths.segment(user.tenant()) + "/users";
        output.details(connection.client().post(path, body), COLUMNS);
    }

    @Command(name = "list", description = "List the users of a tenant.")
    void list(
            @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "The tenant.")
                    final String tenant,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.table(connection.client().get("/tenants/" + Paths.segment(tenant) + "/users"), COLUMNS);
    }

    @Command(name = "show", description = "Show a user.")
    void show(@Mixin final Which which, @Mixin final Connection connection, @Mixin final Output output) {
        output.details(connection.client().get(which.user().path()), COLUMNS);
    }

    @Command(name = "set", description = "Change a user's POSIX ids.")
    void set(
            @Mixin final Which which,
            @Mixin final Ids ids,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        if (ids.body().isEmpty()) {
            throw new CommandFailure(CommandFailure.USAGE, "nothing to change: give --uid, --gid or --groups");
        }
        output.details(connection.client().patch(which.user().path(), ids.body()), COLUMNS);
    }

    @Command(name = "delete", description = "Delete a user who owns no volumes, and its access keys.")
    void delete(@Mixin final Which which, @Mixin final Connection connection, @Mixin final Output output) {
        final QualifiedUser user = which.user();
        connection.client().delete(user.path());
        output.done("user " + user.tenant() + "/" + user.user() + " deleted");
    }

    private static String groups(final JsonNode user) {
        return user.path("groups").isEmpty()
                ? "-"
                : user.path("groups").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
    }
}
