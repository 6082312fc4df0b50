package io.tarn.server.cli;

import io.tarn.server.config.ByteSize;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** How answers are printed: tables for people, JSON for programs. */
final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print the server's JSON.")
    private boolean json;

    /**
     * A column of a table.
     *
     * @param title its head
     * @param value its cell, from a document
     */
    record Column(String title, Function<JsonNode, String> value) {
        static Column of(final String title, final String field) {
            return new Column(title, document -> document.path(field).asString("-"));
        }
    }

    /** One row per document of an array. */
    void table(final JsonNode documents, final List<Column> columns) {
        if (json) {
            printJson(documents);
            return;
        }
        final List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream()
                .map(column -> column.title().toUpperCase(Locale.ROOT))
                .toList());
        documents.forEach(document -> rows.add(
                columns.stream().map(column -> column.value().apply(document)).toList()));
        for (final List<String> row : rows) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                final int column = i;
                final int width = rows.stream()
                        .mapToInt(other -> other.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i)).repeat(' ', width - row.get(i).length() + 2);
            }
            out().println(line.toString().stripTrailing());
        }
        out().flush();
    }

    /** One document, a line per column. */
    void details(final JsonNode document, final List<Column> columns) {
        if (json) {
            printJson(document);
            return;
        }
        final int width = columns.stream()
                .mapToInt(column -> column.title().length())
                .max()
                .orElse(0);
        for (final Column column : columns) {
            out().println(column.title()
                    + " ".repeat(width - column.title().length() + 2)
                    + column.value().apply(document));
        }
        out().flush();
    }

    /** A sentence for people; nothing for programs, to whom the exit code says it. */
    void done(final String sentence) {
        if (!json) {
            out().println(sentence);
            out().flush();
        }
    }

    void printJson(final JsonNode document) {
        out().println(document.toPrettyString());
        out().flush();
    }

    private PrintWriter out() {
        return command.commandLine().getOut();
    }

    static String quota(final JsonNode document) {
        final JsonNode quota = document.path("quota");
        final String bytes = quota.path("bytes").isNumber()
                ? new ByteSize(quota.path("bytes").asLong()).toString()
                : "none";
        return quota.path("inodes").isNumber()
                ? bytes + ", " + quota.path("inodes").asLong() + " inodes"
                : bytes;
    }

    static String usage(final JsonNode document) {
        final JsonNode usage = document.path("usage");
        return usage.isObject()
                ? new ByteSize(usage.path("bytes").asLong()).rounded() + ", "
                        + usage.path("inodes").asLong() + " inodes"
                : "-";
    }
}
