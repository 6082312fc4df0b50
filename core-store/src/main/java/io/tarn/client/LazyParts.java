package io.tarn.client;

import io.tarn.client.ObjectInfo.CompletedPart;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of an object, of which there may be ten thousand, decoded when the first of them is asked for: most who look an object up
 * never do. How many there are is known without. Immutable and thread-safe; two threads that come first at the same time may both decode.
 */
public final class LazyParts extends AbstractList<CompletedPart> {
    private final int count;
    private final Supplier<List<CompletedPart>> stored;
    private volatile Optional<List<CompletedPart>> decoded = Optional.empty();

    /**
     * Parts that are still to be decoded.
     *
     * @param count how many there are
     * @param stored decodes them all, in order
     */
    public LazyParts(final int count, final Supplier<List<CompletedPart>> stored) {
        this.count = count;
        this.stored = stored;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public CompletedPart get(final int index) {
        Optional<List<CompletedPart>> known = decoded;
        if (known.isEmpty()) {
            known = Optional.of(List.copyOf(stored.get()));
            decoded = known;
        }
        return known.get().get(index);
    }
}
