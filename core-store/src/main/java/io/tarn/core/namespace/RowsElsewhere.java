package io.tarn.core.namespace;

/** A command or query came to a row that belongs to another shard. Caught within the core: the work is then done across shards. */
public final class RowsElsewhere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RowsElsewhere() {
        super("rows of another shard are needed", null, false, false);
    }
}
