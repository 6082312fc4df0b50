package io.tarn.server.process;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What may be stored under one key: one state after an acknowledgement, more while the outcome of a request is not known. One thread writes a
 * key at a time.
 */
final class KeyHistory {
    /** Content by its seed, so that megabytes of it need not be kept; or no object. */
    sealed interface State {
        /** The object is not there. */
        record Absent() implements State {}

        /**
         * The object is there.
         *
         * @param seed generates the bytes
         * @param size how many
         */
        record Present(long seed, int size) implements State {
            byte[] content() {
                final byte[] bytes = new byte[size];
                new SplittableRandom(seed).nextBytes(bytes);
                return bytes;
            }
        }
    }

    static final State ABSENT = new State.Absent();

    private final String key;
    private final Set<State> possible = new LinkedHashSet<>(List.of(ABSENT));

    KeyHistory(final String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** A request that wants this state was sent. */
    void sent(final State state) {
        possible.add(state);
    }

    /** It was acknowledged, or found by reading after a restart: nothing else may ever be read again. */
    void settled(final State state) {
        possible.clear();
        possible.add(state);
    }

    Set<State> possible() {
        return Set.copyOf(possible);
    }
}
