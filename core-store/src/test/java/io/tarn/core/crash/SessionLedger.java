package io.tarn.core.crash;

import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentLedger;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.session.ShardSession;

/** Extents of writers beside the object store's: of files written in place and of compaction. */
record SessionLedger(ShardSession session) implements ExtentLedger {
    @Override
    public Allocation allocate(final long volume) {
        final AllocatedReply reply =
                session.call(ExtentProposals.allocate(volume)).getAllocated();
        return new Allocation(new ExtentId(reply.getExtent()), reply.getEpoch());
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        session.call(ExtentProposals.seal(extent, epoch, length));
    }

    @Override
    public void release(final ExtentId extent, final long epoch) {
        session.call(ExtentProposals.release(extent, epoch));
    }
}
