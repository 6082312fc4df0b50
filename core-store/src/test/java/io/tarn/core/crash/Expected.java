package io.tarn.core.crash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was acknowledged, and what the one operation that is under way may have done already. */
final class Expected {
    private World acknowledged = World.EMPTY;
    private List<World> possible = List.of();
    private final Map<String, Bytes> parts = new HashMap<>();

    World world() {
        return acknowledged;
    }

    /** Bytes of parts of uploads by their entity tags, no two of which are the same. */
    Map<String, Bytes> parts() {
        return parts;
    }

    /** An operation begins that will leave {@code after}, wholly or not at all. */
    void begin(final World after) {
        possible = List.of(after);
    }

    /** The operation was acknowledged. */
    void acknowledge(final World after) {
        acknowledged = after;
        possible = List.of();
    }

    /** Nobody knows whether the operation under way was done: what is seen decides. */
    void settle(final World seen) {
        check(seen);
        acknowledged = seen;
        possible = List.of();
    }

    Expected copy() {
        final Expected copy = new Expected();
        copy.acknowledged = acknowledged;
        copy.possible = possible;
        copy.parts.putAll(parts);
        return copy;
    }

    void check(final World seen) {
        acknowledged.difference(seen).ifPresent(difference -> {
            if (possible.stream().noneMatch(world -> world.difference(seen).isEmpty())) {
                throw new AssertionError("clients see another state than was acknowledged: " + difference
                        + (possible.isEmpty() ? "" : "; nor is it that of the operation under way"));
            }
        });
    }
}
