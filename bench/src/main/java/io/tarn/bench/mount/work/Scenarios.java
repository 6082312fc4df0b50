package io.tarn.bench.mount.work;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All there is to do. */
public final class Scenarios {
    private Scenarios() {}

    /**
     * What the chosen groups do, in the order in which it runs: what warms up a server first.
     *
     * @param workers how many do the work of small files at once, each number by itself
     * @param scratch a directory of a local disk
     */
    public static List<Scenario> of(
            final Set<Group> groups, final List<Integer> workers, final Amounts amounts, final Path scratch) {
        final Fixtures fixtures = new Fixtures(scratch);
        final List<Scenario> all = new ArrayList<>();
        for (final int count : workers) {
            all.add(new SmallFileScenario(amounts, count));
        }
        for (final int count : workers) {
            all.add(new ReadScenario(amounts, count));
        }
        for (final int count : workers) {
            all.add(new SyncedFileScenario(amounts, count));
        }
        all.add(new SyncedWriteScenario(amounts, scratch));
        all.add(new ListScenario(amounts, scratch));
        all.add(new LargeFileScenario(amounts, scratch));
        all.add(new SqliteScenario("DELETE"));
        all.add(new SqliteScenario("WAL"));
        all.add(new GitScenario(amounts.gitFiles(), scratch, fixtures));
        all.add(new TreeScenario(amounts.treeFiles(), scratch, fixtures));
        return all.stream()
                .filter(scenario -> groups.contains(scenario.group()))
                .toList();
    }
}
