package io.tarn.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Cells in rows, laid out as aligned text or as a Markdown table; the first columns are left-aligned, the others right. */
final class Table {
    private final int leftAligned;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(final int leftAligned, final List<String> header) {
        this.leftAligned = leftAligned;
        this.header = List.copyOf(header);
    }

    void add(final List<String> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells for " + header.size() + " columns");
        }
        rows.add(List.copyOf(row));
    }

    String text() {
        final int[] widths = widths();
        final StringBuilder out = new StringBuilder();
        line(out, header, widths, "", "  ", "");
        for (final List<String> row : rows) {
            line(out, row, widths, "", "  ", "");
        }
        return out.toString();
    }

    String markdown() {
        final int[] widths = widths();
        final StringBuilder out = new StringBuilder();
        line(out, header, widths, "| ", " | ", " |");
        for (int column = 0; column < header.size(); column++) {
            final String dashes = "-".repeat(widths[column] + 1);
            out.append('|').append(column < leftAligned ? dashes + '-' : dashes + ':');
        }
        out.append("|\n");
        for (final List<String> row : rows) {
            line(out, row, widths, "| ", " | ", " |");
        }
        return out.toString();
    }

    private int[] widths() {
        final int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.get(column).length();
            for (final List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private void line(
            final StringBuilder out,
            final List<String> cells,
            final int[] widths,
            final String start,
            final String between,
            final String end) {
        final StringBuilder line = new StringBuilder(start);
        for (int column = 0; column < cells.size(); column++) {
            final String cell = cells.get(column);
            final String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : between).append(column < leftAligned ? cell + blanks : blanks + cell);
        }
        out.append(line.append(end).toString().stripTrailing()).append('\n');
    }
}
