package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.MissingNode;

@Command(
        name = "volume",
        description = "Volumes: the S3 bucket, the mount and the HDFS path in one.",
        synopsisSubcommandLabel = "COMMAND")
final class VolumeCommand {
    private static final List<Column> LIST = List.of(
            Column.of("name", "name"),
            new Column(
                    "owner",
                    volume -> volume.path("tenant").asString() + "/"
                            + volume.path("owner").asString()),
            new Column("quota", Output::quota),
            new Column(
                    "versioning",
                    volume -> volume.path("versioning").asString("-").toLowerCase(Locale.ROOT)),
            Column.of("created", "created"));
    private static final List<Column> SHOW = List.of(
            LIST.get(0), LIST.get(1), LIST.get(2), new Column("usage", Output::usage), LIST.get(3), LIST.get(4));

    /** What can be done about old contents. */
    enum VersioningChoice {
        enabled,
        suspended
    }

    @Command(name = "create", description = "Create a volume.")
    void create(
            @Parameters(paramLabel = "VOLUME", description = "Its name, by the rules of S3 buckets.") final String name,
            @Option(
                            names = "--tenant",
                            paramLabel = "TENANT",
                            description = "Its tenant. Default: that of the access key.")
                    final String tenant,
            @Option(
                            names = "--owner",
                            paramLabel = "USER",
                            description =
                                    "User of the tenant who owns it. Default: the user of the access key, or the tenant's only user.")
                    final String owner,
            @Option(names = "--versioning", description = "Keep old contents from the start: ${COMPLETION-CANDIDATES}.")
                    final VersioningChoice versioning,
            @Mixin final QuotaOptions quota,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final Map<String, Object> body = new HashMap<>(Map.of("name", name));
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (owner != null) {
            body.put("owner", owner);
        }
        putVersioning(body, versioning);
        quota.over(MissingNode.getInstance()).ifPresent(limits -> body.put("quota", limits));
        output.details(connection.client().post("/volumes", body), LIST);
    }

    @Command(name = "list", description = "List volumes.")
    void list(
            @Option(names = "--tenant", paramLabel = "TENANT", description = "Only those of this tenant.")
                    final String tenant,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final String query = tenant == null ? "" : "?tenant=" + Paths.segment(tenant);
        output.table(connection.client().get("/volumes" + query), LIST);
    }

    @Command(name = "show", description = "Show a volume and what it uses.")
    void show(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") final String name,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        output.details(connection.client().get("/volumes/" + Paths.segment(name)), SHOW);
    }

    @Command(name = "set", description = "Change a volume's quota or versioning.")
    void set(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") final String name,
            @Option(names = "--versioning", description = "What becomes of old contents: ${COMPLETION-CANDIDATES}.")
                    final VersioningChoice versioning,
            @Mixin final QuotaOptions quota,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        final AdminClient client = connection.client();
        final String path = "/volumes/" + Paths.segment(name);
        final Map<String, Object> body = new HashMap<>();
        quota.over(client.get(path).path("quota")).ifPresent(limits -> body.put("quota", limits));
        putVersioning(body, versioning);
        if (body.isEmpty()) {
            throw new CommandFailure(CommandFailure.USAGE, "nothing to change: give --quota, --inodes or --versioning");
        }
        output.details(client.patch(path, body), LIST);
    }

    @Command(name = "delete", description = "Delete an empty volume.")
    void delete(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") final String name,
            @Mixin final Connection connection,
            @Mixin final Output output) {
        connection.client().delete("/volumes/" + Paths.segment(name));
        output.done("volume " + name + " deleted");
    }

    private static void putVersioning(final Map<String, Object> body, final VersioningChoice versioning) {
        if (versioning != null) {
            body.put("versioning", versioning.name().toUpperCase(Locale.ROOT));
        }
    }
}
