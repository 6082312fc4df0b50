package io.tarn.client;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/** A connection to a Tarn cluster, with the session that owns what it opens. Thread-safe. */
public interface TarnClient extends AutoCloseable {
    Administration administration();

    ObjectStore objects();

    /**
     * What changes in volumes.
     *
     * @throws StorageException {@code UNSUPPORTED} from a client that has no feed
     */
    default ChangeFeed changes() {
        throw new StorageException(Failure.UNSUPPORTED, "this client has no change feed");
    }

    /** Ends the session: open handles, locks and unfinished writes are given up. */
    @Override
    void close();
}
