package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/**
 * A command or query came to a row that belongs to another shard. Who can does the work across shards then; to anybody else it is a
 * failure to try again.
 */
public final class RowsElsewhere extends StorageException {
    private static final long serialVersionUID = 1L;

    RowsElsewhere() {
        super(Failure.UNAVAILABLE, "rows of another shard are needed", /* withStackTrace= */ false);
    }
}
