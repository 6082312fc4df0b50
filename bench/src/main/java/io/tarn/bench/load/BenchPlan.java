package io.tarn.bench.load;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a benchmark runs.
 *
 * @param operations which operations to report
 * @param sizesBytes object sizes, each measured on its own
 * @param concurrencies connections; put in falling order, so that a server that compiles while it runs is warm first
 * @param rounds measured runs of each case on each endpoint
 * @param roundTime longest run
 * @param warmupTime longest unmeasured run before the first round of each case
 * @param maxRunBytes object bytes that a run may write, which bounds the disk space
 * @param listKeys keys in the bucket that LIST pages through
 * @param manyKeys keys in the large bucket of the scenario that compares 1,000 keys with many; 0 leaves it out
 * @param populateTime longest time in which the large bucket must be filled
 * @param keep whether buckets and objects stay behind
 */
public record BenchPlan(
        Set<Operation> operations,
        List<Integer> sizesBytes,
        List<Integer> concurrencies,
        int rounds,
        Duration roundTime,
        Duration warmupTime,
        long maxRunBytes,
        int listKeys,
        int manyKeys,
        Duration populateTime,
        boolean keep) {
    /** Keys in the small bucket of the many-keys scenario, and the fewest that LIST can page through. */
    public static final int FEW_KEYS = 1000;

    /** Size of the objects in the LIST and many-keys buckets, in bytes. */
    public static final int KEYS_OBJECT_BYTES = 1024;

    /** Most connections. */
    public static final int MAX_CONCURRENCY = 1024;

    /** Largest object, in bytes. */
    public static final int MAX_SIZE_BYTES = 1024 * 1024 * 1024;

    /** Most keys of a bucket. */
    public static final int MAX_KEYS = 100_000_000;

    /** Copies, orders and checks. */
    public BenchPlan {
        operations = operations.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(operations));
        sizesBytes = List.copyOf(sizesBytes);
        concurrencies = concurrencies.stream()
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        check(!operations.isEmpty(), "at least one operation is needed");
        check(!sizesBytes.isEmpty(), "at least one size is needed");
        check(sizesBytes.stream().allMatch(size -> size > 0 && size <= MAX_SIZE_BYTES), "sizes are 1 byte to 1 GiB");
        check(!concurrencies.isEmpty(), "at least one concurrency is needed");
        check(
                concurrencies.stream().allMatch(count -> count > 0 && count <= MAX_CONCURRENCY),
                "concurrency is 1 to " + MAX_CONCURRENCY);
        check(rounds > 0, "at least one round is needed");
        check(roundTime.isPositive(), "a round needs time");
        check(maxRunBytes > 0, "a run must be allowed some bytes");
        check(listKeys >= FEW_KEYS && listKeys <= MAX_KEYS, "LIST needs at least one page of " + FEW_KEYS + " keys");
        check(
                manyKeys == 0 || (manyKeys >= FEW_KEYS && manyKeys <= MAX_KEYS),
                "many keys are " + FEW_KEYS + " to " + MAX_KEYS + ", or 0 for none");
    }

    private static void check(final boolean holds, final String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Largest object of the plan, in bytes. */
    public int maxSizeBytes() {
        return Math.max(
                KEYS_OBJECT_BYTES,
                sizesBytes.stream().mapToInt(Integer::intValue).max().orElseThrow());
    }
}
