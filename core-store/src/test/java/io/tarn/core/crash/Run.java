package io.tarn.core.crash;

import io.tarn.client.Principal;
import io.tarn.core.crash.World.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** What the steps of a workload share: the node, what it has acknowledged, and the seeded choices. */
final class Run {
    static final Principal OWNER = new Principal("tenant", "user", 1, 1, List.of(), false);

    private static final int NAMES = 5;
    private static final int CONTENT_BYTES_MAX = 3 * SimulatedNode.CHUNK_BYTES;

    private final Random random;
    private final Expected expected;
    private final SimulatedNode node;

    Run(final Random random, final SimulatedNode node, final Expected expected) {
        this.random = random;
        this.node = node;
        this.expected = expected;
    }

    SimulatedNode node() {
        return node;
    }

    Expected expected() {
        return expected;
    }

    World world() {
        return expected.world();
    }

    int below(final int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }

    <T> Optional<T> any(final List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    /** Empty, inline, of one block or of several. */
    Bytes content() {
        return Bytes.random(
                random,
                switch (below(8)) {
                    case 0 -> 0;
                    case 1, 2 -> 1 + below(SimulatedNode.INLINE_MAX_BYTES);
                    case 3, 4, 5 -> SimulatedNode.INLINE_MAX_BYTES + 1 + below(SimulatedNode.CHUNK_BYTES);
                    default -> SimulatedNode.CHUNK_BYTES + below(CONTENT_BYTES_MAX - SimulatedNode.CHUNK_BYTES);
                });
    }

    Bytes small() {
        return Bytes.random(random, 1 + below(SimulatedNode.INLINE_MAX_BYTES));
    }

    Name name() {
        return oneIn(2) ? rootName() : new Name(SimulatedNode.VERSIONED, key());
    }

    private String key() {
        return (oneIn(3) ? "dir/" : "") + "key" + below(NAMES);
    }

    /** A name right under the root of the volume that keeps no versions. */
    Name rootName() {
        return new Name(SimulatedNode.PLAIN, "key" + below(NAMES));
    }

    boolean versioned(final Name name) {
        return name.volume() == SimulatedNode.VERSIONED;
    }

    /** A name that has a file now. */
    Optional<Name> existing(final Predicate<Name> which) {
        final List<Name> names = new ArrayList<>();
        world().names().keySet().stream()
                .filter(name -> world().current(name).isPresent())
                .filter(which)
                .sorted()
                .forEach(names::add);
        return any(names);
    }
}
