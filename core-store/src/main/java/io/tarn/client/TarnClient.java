package io.tarn.client;

/** A connection to a Tarn cluster, with the session that owns what it opens. Thread-safe. */
public interface TarnClient extends AutoCloseable {
    Administration administration();

    ObjectStore objects();

    Inodes inodes();

    Locks locks();

    Leases leases();

    /** Names written behind, for whoever wants that. */
    Delegations delegations();

    /** What changes in volumes. */
    ChangeFeed changes();

    /** Ends the session: open handles, locks and unfinished writes are given up. */
    @Override
    void close();
}
