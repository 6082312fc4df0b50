package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentInfo;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Dirty;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

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
public final class SpaceKeeper implements BackgroundWork {
    /** Less than this is not worth a pass over the extent, until it has waited. */
    static final long WORTH_A_PASS_BYTES = 4L << 20;

    /** Small garbage is collected once in a while only. */
    static final Duration THOROUGH_EVERY = Duration.ofMinutes(1);

    private static final int PAGE = 256;
    private static final ExtentId FIRST = new ExtentId(0);

    private final ShardSession shard;
    private final ExtentStore store;
    private final ReadPins pins;
    private final LongSupplier nanoTime;
    private final LongAdder done = new LongAdder();
    private volatile long backlog;
    private ExtentId position = FIRST;
    private boolean patient;
    private long lastThoroughNanos;
    private long seen;

    public SpaceKeeper(final ShardSession shard, final ExtentStore store, final ReadPins pins) {
        this(shard, store, pins, System::nanoTime);
    }

    /** @param nanoTime says when small garbage is due */
    public SpaceKeeper(
            final ShardSession shard, final ExtentStore store, final ReadPins pins, final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastThoroughNanos = nanoTime.getAsLong();
        this.shard = shard;
        this.store = store;
        this.pins = pins;
    }

    /** Seals what writers left open whose session is over. */
    public void recoverOrphans() {
        List<ExtentId> orphaned = query(queries -> queries.orphaned(PAGE));
        while (!orphaned.isEmpty()) {
            for (final ExtentId extent : orphaned) {
                shard.call(ExtentProposals.sealRecovered(extent, recoveredLength(extent)));
            }
            orphaned = query(queries -> queries.orphaned(PAGE));
        }
    }

    /** A writer that died between the allocation and the creation left no file, and nothing in it. */
    private long recoveredLength(final ExtentId extent) {
        try {
            if (store.info(extent).state() == ExtentInfo.State.OPEN) {
                // the session was lost while its process lives: whatever it still appends is refused from here on
                final long epoch =
                        query(queries -> queries.extent(extent)).orElseThrow().getEpoch();
                store.fence(extent, epoch + 1);
            }
            return store.sealRecovered(extent);
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.NOT_FOUND) {
                return ExtentTarget.FIRST_OFFSET;
            }
            throw failed;
        }
    }

    @Override
    public String name() {
        return "space";
    }

    /**
     * Recovers what dead writers left, then goes through one page of dirty extents. A pass begins anew at the first one when the last
     * page is done; once in {@link #THOROUGH_EVERY} a pass collects small garbage too.
     */
    @Override
    public boolean round() {
        recoverOrphans();
        if (position.value() == 0) {
            final long now = nanoTime.getAsLong();
            patient = now - lastThoroughNanos < THOROUGH_EVERY.toNanos();
            lastThoroughNanos = patient ? lastThoroughNanos : now;
            seen = 0;
        }
        final List<Dirty> page = query(queries -> queries.dirty(position, PAGE));
        clean(page, patient);
        seen += page.size();
        position = page.isEmpty() ? FIRST : page.getLast().extent();
        if (page.isEmpty()) {
            backlog = seen;
        }
        return !page.isEmpty();
    }

    /** Extents with something to give back, at the last pass. */
    @Override
    public long backlog() {
        return backlog;
    }

    /** Extents cleaned. */
    @Override
    public long done() {
        return done.sum();
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return shard.shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    /**
     * One pass over all dirty extents.
     *
     * @param patientPass whether to leave small garbage for later
     * @return extents cleaned
     */
    public int clean(final boolean patientPass) {
        int cleaned = 0;
        ExtentId last = FIRST;
        while (true) {
            final ExtentId after = last;
            final List<Dirty> page = query(queries -> queries.dirty(after, PAGE));
            if (page.isEmpty()) {
                return cleaned;
            }
            cleaned += clean(page, patientPass);
            last = page.getLast().extent();
        }
    }

    private int clean(final List<Dirty> page, final boolean patientPass) {
        final long reclaimable = pins.reclaimableUpTo(shard.shard().appliedIndex());
        int cleaned = 0;
        for (final Dirty dirty : page) {
            final boolean worthIt = !patientPass || dirty.freedBytes() >= WORTH_A_PASS_BYTES;
            if (worthIt && dirty.freedIndex() <= reclaimable) {
                clean(dirty);
                cleaned++;
            }
        }
        done.add(cleaned);
        return cleaned;
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
