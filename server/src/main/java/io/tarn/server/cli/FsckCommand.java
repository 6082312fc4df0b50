package io.tarn.server.cli;

import io.tarn.server.cli.Output.Column;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "fsck",
        description =
                "Verify every reference, count and checksum, online. Fails when something is wrong, and says what.")
final class FsckCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        final JsonNode report = connection.client().post("/fsck", List.of());
        final boolean clean = report.path("clean").asBoolean();
        output.details(
                report,
                List.of(
                        new Column("result", document -> clean ? "clean" : "NOT clean"),
                        new Column(
                                "extents", document -> document.path("extents").asString()),
                        new Column("live blocks", document -> document.path("blocks")
                                .asString()),
                        new Column("bytes verified", document -> document.path("bytes")
                                .asString())));
        report.path("findings").forEach(finding -> output.done("  " + finding.asString()));
        return clean ? 0 : CommandFailure.FAILED;
    }
}
