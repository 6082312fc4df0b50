package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.BlockSource;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.Scrubber;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.FileNames;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all live bytes of this node again and again, at the rate that is set. A block that does not prove itself is looked at once
 * more under the names as they are then; if it is still live it is logged with the files it belongs to and put in
 * {@link Quarantine}. Each round begins with the blocks in quarantine: one that is not live any more, or reads again, leaves it.
 *
 * <p>Driven by one thread. A step checks {@value #BLOCKS_PER_SAVE} blocks at most between two saves of its place; its reads are pinned.
 * Finding the names of bad blocks scans the shard's entries, once for all that a step found. Counts blocks.
 */
public final class ScrubKeeper implements BackgroundWork {
    /** How many blocks may be checked twice after a crash. */
    static final long BLOCKS_PER_SAVE = 16_384;

    private static final int PAGE = 256;
    private static final int USERS_MAX = 16;
    private static final Set<Failure> UNREADABLE = EnumSet.of(Failure.CORRUPT, Failure.NOT_FOUND, Failure.IO_ERROR);
    private static final Logger LOG = LoggerFactory.getLogger(ScrubKeeper.class);

    private final ShardSession shard;
    private final ExtentStore store;
    private final ReadPins pins;
    private final Quarantine quarantine;
    private final ScrubSettings settings;
    private final InstantSource clock;
    private final ScrubJournal journal;
    private final Scrubber scrubber;
    private final List<UnreadableBlock> suspects = new ArrayList<>();
    private final LongAdder checked = new LongAdder();
    private final LongAdder bad = new LongAdder();
    private ScrubJournal.State state;
    private boolean remembered;
    private long sinceSave;

    public ScrubKeeper(
            final ShardSession shard,
            final ExtentStore store,
            final ReadPins pins,
            final Quarantine quarantine,
            final ScrubSettings settings,
            final Path journalFile,
            final InstantSource clock,
            final Waits waits) {
        this.shard = shard;
        this.store = store;
        this.pins = pins;
        this.quarantine = quarantine;
        this.settings = settings;
        this.clock = clock;
        this.journal = new ScrubJournal(journalFile);
        this.state = journal.load();
        this.scrubber = new Scrubber(
                store,
                new LiveBlocks(),
                (block, cause) -> suspects.add(new UnreadableBlock(block, cause.getMessage(), List.of())),
                settings.bytesPerSecond(),
                state.position(),
                waits::nanoTime,
                waits::sleep);
    }

    @Override
    public String name() {
        return "scrub";
    }

    @Override
    public boolean round() {
        if (!remembered) {
            recheck();
            remembered = true;
        }
        if (settings.interval().isZero() || (!state.running() && !isDue())) {
            return false;
        }
        if (!state.running()) {
            review();
            save(FeedKeeper.nanos(clock.instant()), true);
        }
        final boolean more;
        final int known = quarantine.size();
        final ReadPins.Pin pin = pins.pin(shard.shard().appliedIndex());
        try {
            more = scrubber.step();
            confirm();
        } finally {
            pin.close();
        }
        if (!more || sinceSave >= BLOCKS_PER_SAVE || quarantine.size() != known) {
            save(state.roundBeganNanos(), more);
        }
        return more;
    }

    private boolean isDue() {
        return FeedKeeper.nanos(clock.instant().minus(settings.interval())) >= state.roundBeganNanos();
    }

    private void save(final long roundBeganNanos, final boolean running) {
        state = new ScrubJournal.State(
                roundBeganNanos,
                running,
                scrubber.position(),
                quarantine.blocks().stream().map(UnreadableBlock::block).toList());
        sinceSave = 0;
        journal.save(state);
    }

    /** Looks again at the blocks that were bad before a restart, so that they are not forgotten until their turn comes. */
    private void recheck() {
        for (final Block block : state.bad()) {
            try {
                store.verify(block);
            } catch (final StorageException failed) {
                if (!UNREADABLE.contains(failed.failure())) {
                    throw failed;
                }
                suspects.add(new UnreadableBlock(block, failed.getMessage(), List.of()));
            }
        }
        confirm();
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return shard.shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    /** A block may have been given back between being listed and being read: only what is live now counts. */
    private void confirm() {
        if (suspects.isEmpty()) {
            return;
        }
        final List<UnreadableBlock> found = List.copyOf(suspects);
        suspects.clear();
        shard.shard().read(reader -> {
            final ExtentQueries queries = new ExtentQueries(reader);
            final Set<Long> inodes = new HashSet<>();
            found.forEach(suspect -> inodes.addAll(queries.users(suspect.block(), USERS_MAX)));
            final Map<Long, List<String>> names = FileNames.of(reader, inodes);
            for (final UnreadableBlock suspect : found) {
                final List<Long> users = queries.users(suspect.block(), USERS_MAX);
                if (!users.isEmpty()) {
                    report(new UnreadableBlock(
                            suspect.block(),
                            suspect.why(),
                            users.stream()
                                    .flatMap(user -> names.getOrDefault(user, List.of()).stream())
                                    .toList()));
                }
            }
            return true;
        });
    }

    private void report(final UnreadableBlock unreadable) {
        bad.increment();
        if (quarantine.add(unreadable)) {
            LOG.error("unreadable: {}", unreadable.text());
        }
    }

    private void review() {
        for (final UnreadableBlock known : quarantine.blocks()) {
            final boolean live =
                    !query(queries -> queries.users(known.block(), 1)).isEmpty();
            if (!live || readsAgain(known.block())) {
                quarantine.remove(known.block());
                LOG.info("no longer unreadable or no longer needed: {}", known.text());
            }
        }
    }

    private boolean readsAgain(final Block block) {
        try {
            store.verify(block);
            return true;
        } catch (final StorageException stillBad) {
            LOG.debug("still unreadable: {}", stillBad.getMessage());
            return false;
        }
    }

    /** What the shard refers to in extents whose length is fixed. */
    private final class LiveBlocks implements BlockSource {
        @Override
        public Optional<ExtentId> nextExtent(final Optional<ExtentId> after) {
            ExtentId from = after.orElse(new ExtentId(0));
            while (true) {
                final ExtentId behind = from;
                final List<Known> page = query(queries -> queries.extents(behind, PAGE));
                for (final Known known : page) {
                    final ExtentState stage = known.record().getState();
                    if ((stage == ExtentState.SEALED || stage == ExtentState.RELEASED)
                            && known.record().getLiveBytes() > 0) {
                        return Optional.of(known.id());
                    }
                }
                if (page.isEmpty()) {
                    return Optional.empty();
                }
                from = page.getLast().id();
            }
        }

        @Override
        public List<Block> blocks(final ExtentId extent, final long fromOffset, final int limit) {
            final List<Block> page = query(queries -> queries.liveBlocks(extent, fromOffset, limit));
            checked.add(page.size());
            sinceSave += page.size();
            return page;
        }
    }

    /** Blocks in quarantine. */
    @Override
    public long backlog() {
        return quarantine.size();
    }

    @Override
    public long done() {
        return checked.sum();
    }

    /** Live blocks found unreadable, each as often as it was met. */
    @Override
    public long skipped() {
        return bad.sum();
    }
}
