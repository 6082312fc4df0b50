package io.tarn.core.keeper;

import io.tarn.core.session.VolumeWriters;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Has idle extents sealed, idle writers leave, and seals and releases that failed tried again. Counts rounds. */
public final class WriterKeeper implements BackgroundWork {
    private final VolumeWriters writers;
    private final LongSupplier nanoTime;
    private final LongAdder rounds = new LongAdder();

    public WriterKeeper(final VolumeWriters writers, final LongSupplier nanoTime) {
        this.writers = writers;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "writers";
    }

    @Override
    public boolean round() {
        writers.tick(nanoTime.getAsLong());
        rounds.increment();
        return false;
    }

    /** Volumes that have a writer. */
    @Override
    public long backlog() {
        return writers.volumes();
    }

    @Override
    public long done() {
        return rounds.sum();
    }
}
