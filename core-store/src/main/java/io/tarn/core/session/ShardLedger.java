package io.tarn.core.session;

import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentLedger;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.wire.AllocatedReply;

/** The life of a writer's extents, as commands to the shard that owns them. */
final class ShardLedger implements ExtentLedger {
    private final ShardMap shards;

    ShardLedger(final ShardMap shards) {
        this.shards = shards;
    }

    @Override
    public Allocation allocate(final long volume) {
        final AllocatedReply reply =
                shards.forVolume(volume).call(ExtentProposals.allocate(volume)).getAllocated();
        return new Allocation(new ExtentId(reply.getExtent()), reply.getEpoch());
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        shards.number(extent.shard()).call(ExtentProposals.seal(extent, epoch, length));
    }

    @Override
    public void release(final ExtentId extent, final long epoch) {
        shards.number(extent.shard()).call(ExtentProposals.release(extent, epoch));
    }
}
