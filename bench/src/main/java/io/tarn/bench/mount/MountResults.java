package io.tarn.bench.mount;

import io.tarn.bench.process.Memory;
import java.util.List;

/**
 * All that was measured.
 *
 * @param places in their order
 * @param results in the order in which they were measured
 */
public record MountResults(List<PlaceMemory> places, List<TaskResult> results) {
    public MountResults {
        places = List.copyOf(places);
        results = List.copyOf(results);
    }

    /**
     * Memory of what serves a place.
     *
     * @param before at the start
     * @param highest the most that was seen after a task, of each field
     */
    public record PlaceMemory(String name, Memory before, Memory highest) {}

    /**
     * A task at all places.
     *
     * @param turns for each place, in their order, those of all rounds
     */
    public record TaskResult(Group group, Task task, List<List<Turn>> turns) {
        public TaskResult {
            turns = turns.stream().map(List::copyOf).toList();
        }
    }
}
