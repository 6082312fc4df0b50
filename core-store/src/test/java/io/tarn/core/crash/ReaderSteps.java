package io.tarn.core.crash;

import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Readers that are open while the names they came by are changed, and the space of the old bytes is given back. */
final class ReaderSteps {
    private static final int READERS_MAX = 3;

    private final Run run;
    private final List<Held> held = new ArrayList<>();

    private record Held(ContentReader reader, Bytes content) {}

    ReaderSteps(final Run run) {
        this.run = run;
    }

    void step() {
        if (held.size() == READERS_MAX) {
            final Held oldest = held.removeFirst();
            check(oldest);
            oldest.reader().close();
        }
        run.existing(any -> true)
                .ifPresent(name -> held.add(new Held(
                        run.node().objects().open(name.volume(), Key.of(name.key()), Optional.empty()),
                        run.world().current(name).orElseThrow())));
        held.forEach(this::check);
    }

    /** Closes all, after a last look. */
    void close() {
        held.forEach(open -> {
            check(open);
            open.reader().close();
        });
        held.clear();
    }

    private void check(final Held open) {
        final Bytes seen = run.node().read(open.reader());
        if (!seen.equals(open.content())) {
            throw new AssertionError("an open reader sees %s instead of %s".formatted(seen, open.content()));
        }
    }
}
