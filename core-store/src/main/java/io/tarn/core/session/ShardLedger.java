package io.tarn.core.session;

import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentLedger;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.wire.AllocatedReply;

/** The life of a writer's extents, as commands to the shard that owns them. */
final class ShardLedger implements ExtentLedger {
    private final Names names;

    ShardLedger(final Names names) {
        this.names = names;
    }

    @Override
    public Allocation allocate(final long volume) {
        final AllocatedReply reply =
                names.call(volume, ExtentProposals.allocate(volume)).getAllocated();
        return new Allocation(new ExtentId(reply.getExtent()), reply.getEpoch());
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        names.callAt(extent.value(), ExtentProposals.seal(extent, epoch, length));
    }

    @Override
    public void release(final ExtentId extent, final long epoch) {
        names.callAt(extent.value(), ExtentProposals.release(extent, epoch));
    }
}
