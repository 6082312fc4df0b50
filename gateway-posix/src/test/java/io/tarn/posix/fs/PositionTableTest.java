package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeTimes;
import io.tarn.client.NodeType;
import io.tarn.posix.fs.PositionTable.Numbered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PositionTableTest {
    private final AtomicLong budget = new AtomicLong(2_500);
    private final PositionTable table = new PositionTable(budget);

    private static DirectoryPage.Entry entry(final String name) {
        final Node node =
                new Node(1, 1, NodeType.FILE, 0, 0, 0, 1, 0, new NodeTimes(0, 0, 0, 0), 0, 1, 1, Optional.empty(), 0);
        return new DirectoryPage.Entry(Key.of(name), Key.of(name), node, false);
    }

    private static List<DirectoryPage.Entry> entries(final int from, final int to) {
        final List<DirectoryPage.Entry> entries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            entries.add(entry("%07d".formatted(i)));
        }
        return entries;
    }

    @Test
    void anEntryKeepsItsNumberWhateverHappensToOthers() {
        table.add(new DirectoryPage(entries(0, 1000), true));
        final List<Numbered> second = table.add(new DirectoryPage(entries(1000, 1500), false));
        assertThat(second.getFirst().number()).isEqualTo(1000);
        assertThat(table.goesOn()).isFalse();
        assertThat(table.page(1).after()).isEqualTo(Key.of("0000999"));
        final List<DirectoryPage.Entry> changed = entries(1100, 1500);
        changed.add(0, entry("0001050+"));
        changed.add(200, entry("0001299+"));
        final List<Numbered> numbered = table.number(1, changed);
        assertThat(numbered).hasSize(400);
        assertThat(numbered).allMatch(one -> one.entry().name().equals(Key.of("%07d".formatted(one.number()))));
    }

    @Test
    void beyondTheBudgetEntriesAreCounted() {
        table.add(new DirectoryPage(entries(0, 1000), true));
        table.add(new DirectoryPage(entries(1000, 2000), true));
        assertThat(budget).hasValue(500);
        table.add(new DirectoryPage(entries(2000, 3000), true));
        assertThat(budget).hasValue(500);
        assertThat(table.number(2, entries(2000, 3000)))
                .allMatch(one -> one.entry().name().equals(Key.of("%07d".formatted(one.number()))));
        table.clear();
        assertThat(budget).hasValue(2_500);
        assertThat(table.goesOn()).isTrue();
    }
}
