package io.tarn.core.crash;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.shard.Shard;
import java.util.function.Function;

/** A shard in which something happens right after a read, as another thread may do it. */
final class Interfering extends ForwardingShard {
    private Runnable afterRead = () -> {};
    private int readsBefore;

    Interfering(final Shard shard) {
        super(shard);
    }

    /** Runs {@code action} once, after {@code reads} more reads. */
    void after(final int reads, final Runnable action) {
        readsBefore = reads;
        afterRead = action;
    }

    @Override
    public <T> T read(final Function<KeyValueReader, T> query) {
        final T answer = super.read(query);
        if (readsBefore > 0 && --readsBefore == 0) {
            afterRead.run();
        }
        return answer;
    }
}
