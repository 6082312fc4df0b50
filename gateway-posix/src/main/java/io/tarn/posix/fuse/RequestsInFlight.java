package io.tarn.posix.fuse;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All places of a mount where a request may be worked on: few, and looked through only when something is to be interrupted. Thread-safe. */
public final class RequestsInFlight {
    private final Set<InFlight> places = ConcurrentHashMap.newKeySet();

    public void add(final InFlight place) {
        places.add(place);
    }

    public void remove(final InFlight place) {
        places.remove(place);
    }

    /** Interrupts the work on one request; whether it is worked on. */
    public boolean interrupt(final long unique) {
        return places.stream().anyMatch(place -> place.interrupt(unique));
    }

    /** Interrupts all waits; what has done nothing yet is left to a successor. */
    public void relinquish() {
        places.forEach(InFlight::relinquish);
    }

    /** Nothing of it is answered any more. The number of requests that were still worked on. */
    long abandon() {
        return places.stream().filter(InFlight::abandon).count();
    }
}
