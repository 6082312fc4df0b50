package io.tarn.posix.fs;

import io.tarn.posix.journal.HandleSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Failures to write a file's bytes, told to each descriptor that was open at the time, once (errseq of the kernel has the same rule), also by
 * a later process of the mount. Thread-safe.
 */
final class WriteErrors {
    private final List<Reader> readers = new ArrayList<>();

    /** What one descriptor was not told of. Thread-safe. */
    final class Reader {
        private final HandleSlots.Slot slot;
        private Optional<Errno> untold;

        private Reader(final HandleSlots.Slot slot, final Optional<Errno> untold) {
            this.slot = slot;
            this.untold = untold;
        }

        /** This descriptor knows all that has gone wrong so far. */
        void told() {
            synchronized (WriteErrors.this) {
                if (untold.isPresent()) {
                    untold = Optional.empty();
                    slot.untold(0);
                }
            }
        }

        /** Throws the last failure, if there was one that this descriptor was not told of. */
        void report() {
            synchronized (WriteErrors.this) {
                final Optional<Errno> failure = untold;
                told();
                if (failure.isPresent()) {
                    throw failure.get().exception();
                }
            }
        }

        void close() {
            synchronized (WriteErrors.this) {
                readers.remove(this);
            }
        }
    }

    synchronized void add(final Errno errno) {
        readers.forEach(reader -> {
            reader.untold = Optional.of(errno);
            reader.slot.untold(errno.number());
        });
    }

    /** @param untold what an earlier process did not tell */
    synchronized Reader reader(final HandleSlots.Slot slot, final Optional<Errno> untold) {
        final Reader reader = new Reader(slot, untold);
        readers.add(reader);
        return reader;
    }
}
