package io.tarn.server.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print the completion script for bash and zsh: source <(tarn completion)")
final class CompletionCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        final var root = command.root().commandLine();
        root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
        root.getOut().flush();
    }
}
