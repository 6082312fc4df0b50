package io.tarn.s3.fault;

import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.TarnClient;

/** A client whose objects fail as a test wants them to; what no test interferes with goes to the real one. */
public final class FaultyClient implements TarnClient {
    private final TarnClient real;
    private final FaultyObjects objects;

    public FaultyClient(final TarnClient real) {
        this.real = real;
        this.objects = new FaultyObjects(real.objects());
    }

    @Override
    public Administration administration() {
        return real.administration();
    }

    @Override
    public FaultyObjects objects() {
        return objects;
    }

    @Override
    public Inodes inodes() {
        return real.inodes();
    }

    @Override
    public Locks locks() {
        return real.locks();
    }

    @Override
    public Leases leases() {
        return real.leases();
    }

    @Override
    public Delegations delegations() {
        return real.delegations();
    }

    @Override
    public ChangeFeed changes() {
        return real.changes();
    }

    /** The real client stays open: it is its node's to close. */
    @Override
    public void close() {}
}
