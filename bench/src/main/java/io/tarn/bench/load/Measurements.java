package io.tarn.bench.load;

import io.tarn.bench.process.Memory;
import java.util.List;

/**
 * All that a benchmark measured, in the order in which endpoints and cases were given.
 *
 * @param servers one per endpoint
 * @param cases one per case
 */
public record Measurements(List<Server> servers, List<CaseResult> cases) {
    /** Copies. */
    public Measurements {
        servers = List.copyOf(servers);
        cases = List.copyOf(cases);
    }

    /**
     * What is known of a server as a whole.
     *
     * @param name endpoint's name
     * @param pid root of its process tree
     * @param before memory before the first request
     * @param after memory after the last
     * @param backgroundCpuSeconds CPU time used outside of its own measured, warm-up and filling runs: what it does when idle or
     *     puts off until later
     */
    public record Server(String name, int pid, Memory before, Memory after, double backgroundCpuSeconds) {}

    /**
     * A case on every endpoint.
     *
     * @param subject what was measured
     * @param rounds per endpoint, the result of each round
     */
    public record CaseResult(Case subject, List<List<RunResult>> rounds) {
        /** Copies. */
        public CaseResult {
            rounds = rounds.stream().map(List::copyOf).toList();
        }
    }
}
