package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Dirty;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives the space of dead blocks back. An extent is gone through as a whole: what lies between two live blocks is a hole to
 * punch; an extent without live blocks goes altogether. Only released extents are touched, for nobody can come to refer to
 * anything in them, and only for what was freed before every reader that is still open began.
 *
 * <p>Order of a removal: the shard marks the extent dropped, the file goes, the shard forgets it. A crash in between leaves the mark,
 * and the next round goes on there. An error in reading references ends the round: no guess is made.
 *
 * <p>Not thread-safe: one thread drives it.
 */
public final class SpaceKeeper {
    /** Less than this is not worth a pass over the extent, until it has waited. */
    static final long WORTH_A_PASS_BYTES = 4L << 20;

    private static final int PAGE = 256;

    private final ShardSession shard;
    private final ExtentStore store;
    private final ReadPins pins;

    public SpaceKeeper(final ShardSession shard, final ExtentStore store, final ReadPins pins) {
        this.shard = shard;
        this.store = store;
        this.pins = pins;
    }

    /** Seals the extents that writers of earlier sessions left open. */
    public void recoverOrphans() {
        for (final ExtentId extent : query(ExtentQueries::orphaned)) {
            shard.call(ExtentProposals.sealRecovered(extent, recoveredLength(extent)));
        }
    }

    /** A writer that died between the allocation and the creation left no file, and nothing in it. */
    private long recoveredLength(final ExtentId extent) {
        final boolean there =
                store.list().stream().anyMatch(info -> info.extent().equals(extent));
        return there ? store.sealRecovered(extent) : ExtentTarget.FIRST_OFFSET;
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return shard.shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    /**
     * One pass over all dirty extents.
     *
     * @param patient whether to leave small garbage for later
     * @return extents cleaned
     */
    public int clean(final boolean patient) {
        reap();
        int cleaned = 0;
        ExtentId last = new ExtentId(0);
        while (true) {
            final ExtentId after = last;
            final List<Dirty> page = query(queries -> queries.dirty(after, PAGE));
            if (page.isEmpty()) {
                return cleaned;
            }
            final long reclaimable = pins.reclaimableUpTo(shard.shard().appliedIndex());
            for (final Dirty dirty : page) {
                last = dirty.extent();
                final boolean worthIt = !patient || dirty.freedBytes() >= WORTH_A_PASS_BYTES;
                if (worthIt && dirty.freedIndex() <= reclaimable) {
                    clean(dirty);
                    cleaned++;
                }
            }
        }
    }

    /** Gives up contents that nobody can come to look up any more, in commands of bounded work. */
    private void reap() {
        final long upTo = pins.reclaimableUpTo(shard.shard().appliedIndex());
        while (query(queries -> queries.anyDoomed(upTo))) {
            shard.call(ExtentProposals.reap(upTo));
        }
    }

    private void clean(final Dirty dirty) {
        final Optional<ExtentRecord> record = query(queries -> queries.extent(dirty.extent()));
        if (record.isEmpty()) {
            return;
        }
        if (record.get().getState() == ExtentState.DROPPED) {
            remove(dirty.extent());
            return;
        }
        final Gaps gaps = new Gaps(ExtentTarget.FIRST_OFFSET);
        query(queries -> {
            queries.liveBlocks(
                    dirty.extent(),
                    block -> gaps.live(block.offset(), block.offset() + ExtentTarget.appendedBytes(block.length())));
            return null;
        });
        if (gaps.allDead()) {
            try {
                shard.call(ExtentProposals.drop(dirty.extent()));
            } catch (final StorageException inUse) {
                if (inUse.failure() == Failure.CONFLICT) {
                    return;
                }
                throw inUse;
            }
            remove(dirty.extent());
            return;
        }
        for (final Gaps.Gap gap : gaps.until(record.get().getLength())) {
            store.punch(dirty.extent(), gap.from(), gap.to());
        }
        shard.call(ExtentProposals.cleaned(dirty.extent(), dirty.freedIndex()));
    }

    private void remove(final ExtentId extent) {
        store.delete(extent);
        shard.call(ExtentProposals.forget(extent));
    }
}
