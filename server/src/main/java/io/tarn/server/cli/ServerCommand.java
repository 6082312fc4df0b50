package io.tarn.server.cli;

import io.tarn.server.TarnServer;
import io.tarn.server.access.ClientFile;
import io.tarn.server.config.ConfigException;
import io.tarn.server.config.ConfigReader;
import io.tarn.server.config.ServerConfig;
import io.tarn.server.node.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "server",
        description = "Run an embedded server: one process that is a whole cluster, over one data directory.")
final class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory. Default: ./tarn-data.")
    private Path data;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file; see docs/configuration.md.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, over the file; may be given many times.")
    private List<String> settings = List.of();

    @Option(
            names = "--rehearse",
            hidden = true,
            description = "Start, answer requests for some seconds, stop: for making the AOT cache.")
    private boolean rehearse;

    @Override
    public Integer call() throws InterruptedException {
        final TarnServer server;
        final ServerConfig config;
        try {
            config = config();
            server = TarnServer.start(config);
        } catch (final ConfigException | StartFailure e) {
            throw new CommandFailure(CommandFailure.FAILED, e.getMessage(), e);
        }
        if (rehearse) {
            try (server) {
                Rehearsal.play(server.s3Url(config), server.adminUrl(config), clientFile(config));
            }
            return 0;
        }
        greet(server, config);
        final CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    server.close();
                    stopped.countDown();
                }));
        stopped.await();
        return 0;
    }

    private ServerConfig config() {
        final List<String> pairs = new ArrayList<>(settings);
        if (data != null) {
            pairs.add("data=" + data);
        }
        return file == null
                ? ConfigReader.read(ServerConfig.class, pairs)
                : ConfigReader.read(ServerConfig.class, file, pairs);
    }

    private static ClientFile clientFile(final ServerConfig config) {
        try {
            return ClientFile.read(config.data())
                    .orElseThrow(() -> new CommandFailure(
                            CommandFailure.FAILED, "the rehearsal finds no client file in " + config.data()));
        } catch (final IOException e) {
            throw new CommandFailure(CommandFailure.FAILED, "the rehearsal cannot read the client file: " + e, e);
        }
    }

    private void greet(final TarnServer server, final ServerConfig config) {
        final String s3 = server.s3Url(config);
        final String key = server.node().firstAccessKey();
        final Path clientFile = config.data().resolve("client.yaml");
        final String secret = server.node().newSecret().orElse("(in " + clientFile + ")");
        final String option = config.data().equals(Path.of("tarn-data")) ? "" : " --data " + config.data();
        final PrintWriter out = command.commandLine().getOut();
        out.printf(
                """
                Tarn is ready.
                  S3          %s
                  Admin       %s
                  Clients     %s
                  Access key  %s
                  Secret key  %s

                Try:
                  export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=$(sed -n 's/^secret-key: "\\(.*\\)"/\\1/p' %s) AWS_DEFAULT_REGION=%s
                  aws --endpoint-url %s s3 mb s3://first
                  tarn volume list%s
                """,
                s3,
                server.adminUrl(config),
                server.rpcEndpoint(config).orElse("(not listened to)"),
                key,
                secret,
                key,
                clientFile,
                config.s3().region(),
                s3,
                option);
        out.flush();
    }
}
