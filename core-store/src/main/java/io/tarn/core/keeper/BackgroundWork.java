package io.tarn.core.keeper;

/**
 * One kind of background work. It is done in rounds, each bounded and each harmless to repeat, so that it can be cut off anywhere.
 * Rounds come from one thread at a time; the figures are read from any.
 */
public interface BackgroundWork {
    /** A word for metrics and messages. */
    String name();

    /**
     * Does a bounded piece of work.
     *
     * @return whether there is more to do at once
     * @throws io.tarn.core.StorageException when it has to be put off
     */
    boolean round();

    /** Units of work known to be waiting, in what the work counts. */
    long backlog();

    /** Units of work done since the start. */
    long done();

    /** Things that could not be done, and were left. */
    default long skipped() {
        return 0;
    }
}
