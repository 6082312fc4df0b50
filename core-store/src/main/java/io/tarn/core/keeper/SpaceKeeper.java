package io.tarn.core.keeper;

import io.tarn.core.StorageException;
import io.tarn.core.extent.ByteRange;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the space of dead blocks back. An extent is gone through as a whole: what lies between two live blocks is a hole to
 * punch; an extent without live blocks goes altogether. Only released extents are touched, for nobody can come to refer to
 * anything in them, and only for what was freed before every reader that is still open began.
 *
 * <p>Order of a removal: the shard marks the extent dropped, the file goes, the shard forgets it. A crash in between leaves the mark,
 * and the next round goes on there. An error in reading references ends the round: no guess is made. A file that fails is left for
 * the next round, the others are gone on with.
 *
 * <p>Not thread-safe: one thread drives it.
 */
public final class SpaceKeeper implements BackgroundWork {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceKeeper.class);
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
    private final LongAdder skipped = new LongAdder();
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

    /**
     * Seals the extents that writers whose session is over left open. A writer that still runs is fenced first: no name can come to
     * refer to what it appends. Those whose file failed are left for another time.
     */
    public void recoverOrphans() {
        boolean any = true;
        while (any) {
            any = false;
            final List<ExtentId> orphaned = query(queries -> queries.orphaned(PAGE));
            for (final ExtentId extent : orphaned) {
                any |= skippingFailed(extent, () -> recover(extent));
            }
            any &= orphaned.size() == PAGE;
        }
    }

    private void recover(final ExtentId extent) {
        final long epoch = query(queries -> queries.extent(extent))
                .map(ExtentRecord::getEpoch)
                .orElseThrow(() -> new IllegalStateException("an extent vanished before it was sealed"));
        shard.call(ExtentProposals.sealRecovered(extent, sealedLength(extent, epoch)));
    }

    /** A writer that died between the allocation and the creation left no file, and nothing in it. */
    private long sealedLength(final ExtentId extent, final long epoch) {
        if (local(extent).isEmpty()) {
            return ExtentTarget.FIRST_OFFSET;
        }
        final long length = store.fence(extent, epoch);
        store.seal(extent, epoch, length);
        return length;
    }

    private Optional<ExtentInfo> local(final ExtentId extent) {
        return store.list().stream()
                .filter(info -> info.extent().equals(extent))
                .findFirst();
    }

    /** Runs a step on one extent; a file that fails does not keep the others from being cleaned. */
    private boolean skippingFailed(final ExtentId extent, final Runnable step) {
        try {
            step.run();
            return true;
        } catch (final StorageException failed) {
            switch (failed.failure()) {
                case IO_ERROR, CORRUPT, NOT_FOUND, CONFLICT, OUT_OF_SPACE, UNSUPPORTED, INVALID_ARGUMENT -> {
                    LOG.warn("extent {} is left for another round: {}", extent, failed.getMessage());
                    skipped.increment();
                }
                default -> throw failed;
            }
            return false;
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
        final boolean moreToReap = reapSome();
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
        return moreToReap || !page.isEmpty();
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

    /** Times that an extent was left because its file failed. */
    @Override
    public long skipped() {
        return skipped.sum();
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
        reap();
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

    /** Gives up contents that nobody can come to look up any more, in commands of bounded work. */
    private void reap() {
        while (reapSome()) {
            LOG.trace("contents given up in shard {}", shard.shard().number());
        }
    }

    private boolean reapSome() {
        final long upTo = pins.reclaimableUpTo(shard.shard().appliedIndex());
        final boolean any = query(queries -> queries.anyDoomed(upTo));
        if (any) {
            shard.call(ExtentProposals.reap(upTo));
        }
        return any;
    }

    private int clean(final List<Dirty> page, final boolean patientPass) {
        int cleaned = 0;
        for (final Dirty dirty : page) {
            final boolean worthIt = !patientPass || dirty.freedBytes() >= WORTH_A_PASS_BYTES;
            if (worthIt && skippingFailed(dirty.extent(), () -> clean(dirty.extent()))) {
                cleaned++;
            }
        }
        done.add(cleaned);
        return cleaned;
    }

    /**
     * What is known of an extent at one moment.
     *
     * @param freedIndex log index of the last time something in it was freed
     */
    private record Look(ExtentRecord record, long freedIndex, Gaps gaps) {}

    private static Optional<Look> look(final ExtentQueries queries, final ExtentId extent) {
        final Gaps gaps = new Gaps(ExtentTarget.FIRST_OFFSET);
        queries.liveBlocks(
                extent,
                block -> gaps.live(block.offset(), block.offset() + ExtentTarget.appendedBytes(block.length())));
        return queries.extent(extent)
                .flatMap(record -> queries.dirty(extent).map(dirty -> new Look(record, dirty.freedIndex(), gaps)));
    }

    private void clean(final ExtentId extent) {
        final Optional<Look> found = query(queries -> look(queries, extent));
        // only now: of whoever opened before the last thing was freed, the pin is seen here
        if (found.isEmpty()
                || found.get().freedIndex() > pins.reclaimableUpTo(shard.shard().appliedIndex())) {
            return;
        }
        final Look look = found.get();
        if (look.record().getState() == ExtentState.DROPPED) {
            remove(extent);
        } else if (look.gaps().allDead()) {
            shard.call(ExtentProposals.drop(extent));
            remove(extent);
        } else {
            punch(extent, look);
            shard.call(ExtentProposals.cleaned(extent, look.freedIndex()));
        }
    }

    private void punch(final ExtentId extent, final Look look) {
        final long length = look.record().getLength();
        if (store.info(extent).state() != ExtentInfo.State.SEALED) {
            // its writer could not seal this copy; the record has the length that was acknowledged
            store.seal(extent, look.record().getEpoch(), length);
        }
        final List<ByteRange> gaps = look.gaps().until(length);
        if (!gaps.isEmpty()) {
            store.punch(extent, gaps);
        }
    }

    private void remove(final ExtentId extent) {
        store.delete(extent);
        shard.call(ExtentProposals.forget(extent));
    }
}
