package io.tarn.core.session;

import io.tarn.core.namespace.wire.Closing;
import java.util.Optional;

/**
 * Who has a file open in this client, and what the shard knows of it. The shard is told of writers, once for all of them, and of readers only
 * where their file could go while they have it open; readers that it has not been told of share an {@link Anchor}.
 *
 * <p>Not thread-safe: guarded by the table that the file is in.
 */
final class Opens {
    private int readers;
    private int writers;
    /** How often the shard counts this client, by kind. */
    private long heldReading;

    private long heldWriting;
    /** The session that the shard counts. */
    private long session;
    /** Writers are there whom the shard does not count; read without the table, too. */
    private volatile boolean resting;
    /** Read without the table, too. */
    private volatile Optional<Anchor> anchor = Optional.empty();

    /** What another session held has ended with it. */
    void under(final long present) {
        if (session != present) {
            session = present;
            heldReading = 0;
            heldWriting = 0;
        }
    }

    boolean isNone() {
        return readers + writers == 0;
    }

    /** Whether the shard keeps the inode for this client. */
    boolean isHeld() {
        return heldReading + heldWriting > 0;
    }

    boolean isHeldForWriting() {
        return heldWriting > 0;
    }

    /** Whether one more reader finds the file kept from going. */
    boolean isAnchored() {
        return anchor.flatMap(Anchor::seen).isPresent();
    }

    Optional<Anchor> anchor() {
        return anchor;
    }

    /** The first is here, of whom the shard has counted what an earlier process of the session opened. */
    void inherit(final long reading, final long writing) {
        heldReading = reading;
        heldWriting = writing;
        if (writing > 0) {
            writers = 1;
        } else {
            readers = 1;
        }
    }

    void addReader() {
        readers++;
    }

    /** @param held how often the shard has counted him */
    void addWriter(final int held) {
        writers++;
        heldWriting += held;
        resting &= held == 0;
    }

    boolean isResting() {
        return resting;
    }

    /** What the shard counts of the only writer, to be given back with what he has written. */
    Optional<Closing> rest() {
        if (writers != 1 || heldWriting == 0) {
            return Optional.empty();
        }
        final Closing closing = Closing.newBuilder().setWriting(heldWriting).build();
        heldWriting = 0;
        resting = true;
        return Optional.of(closing);
    }

    /** The shard counts a writer who is there already. */
    void wake(final long held) {
        heldWriting += held;
        resting = false;
    }

    void hold() {
        heldReading++;
    }

    void anchor(final Anchor kept) {
        anchor = Optional.of(kept);
    }

    /** The shard holds the file, or nobody reads it. */
    Optional<Anchor> takeAnchor() {
        final Optional<Anchor> taken = anchor;
        anchor = Optional.empty();
        return taken;
    }

    /** A handle goes. What is to be given back to the shard with it is this caller's to give. */
    Optional<Closing> leave(final boolean writing) {
        if (writing) {
            writers--;
        } else {
            readers--;
        }
        if (isNone() && isHeld()) {
            return Optional.of(give(Closing.newBuilder().setReading(heldReading)));
        }
        if (writers == 0 && heldWriting > 0) {
            final boolean keep = heldReading == 0;
            return Optional.of(give(Closing.newBuilder().setKeepReading(keep)));
        }
        return Optional.empty();
    }

    private Closing give(final Closing.Builder closing) {
        closing.setWriting(heldWriting);
        heldWriting = 0;
        heldReading = closing.getKeepReading() ? 1 : heldReading - closing.getReading();
        return closing.build();
    }
}
