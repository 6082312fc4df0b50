package io.tarn.core.keeper;

import io.tarn.core.extent.ExtentStore;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;

/**
 * A node's background work, on three threads: one for what is quick (idle writers, ended sessions, dead space, retention), one for
 * compaction, one for scrubbing, which both wait for their rate most of the time. Nothing waits for any of them. Thread-safe.
 */
public final class NodeKeeper implements AutoCloseable {
    /** The kinds of work there are. */
    public static final List<String> WORKS =
            List.of("writers", "sessions", "space", "feed", "uploads", "compaction", "scrub");

    private static final Duration QUICK_PAUSE = Duration.ofSeconds(1);
    private static final Duration SLOW_PAUSE = Duration.ofSeconds(5);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final VolumeWriters writers;
    private final SpaceKeeper space;
    private final Quarantine quarantine;
    private final WorkLoop quick;
    private final List<WorkLoop> loops;

    /**
     * @param isOpenSession whether the control group has a session of that id
     * @param quarantine receives what scrubbing finds unreadable
     * @param scrubJournal file that remembers where scrubbing has come to
     */
    public NodeKeeper(
            final ShardSession shard,
            final ExtentStore store,
            final ReadPins pins,
            final VolumeWriters writers,
            final LongPredicate isOpenSession,
            final Quarantine quarantine,
            final Path scrubJournal,
            final KeeperSettings settings) {
        final InstantSource clock = InstantSource.system();
        final Waits waits = Waits.until(stopping);
        this.writers = writers;
        this.space = new SpaceKeeper(shard, store, pins);
        this.quarantine = quarantine;
        this.quick = new WorkLoop(
                "keeper",
                QUICK_PAUSE,
                stopping,
                List.of(
                        new WriterKeeper(writers, waits::nanoTime),
                        new SessionKeeper(shard, isOpenSession),
                        space,
                        new FeedKeeper(shard, settings.feedRetention(), settings.feedEventsMax(), clock),
                        new UploadKeeper(shard, settings.uploadRetention(), clock)));
        this.loops = List.of(
                quick,
                new WorkLoop(
                        "compactor",
                        SLOW_PAUSE,
                        stopping,
                        List.of(new Compactor(shard, store, pins, writers, settings.compaction(), waits))),
                new WorkLoop(
                        "scrubber",
                        SLOW_PAUSE,
                        stopping,
                        List.of(new ScrubKeeper(
                                shard, store, pins, quarantine, settings.scrub(), scrubJournal, clock, waits))));
    }

    public void start() {
        loops.forEach(WorkLoop::start);
    }

    /** Gives all dead space back now, on the caller's thread. */
    public void runOnce() {
        quick.exclusively(() -> {
            writers.tick(System.nanoTime());
            space.recoverOrphans();
            space.clean(false);
        });
    }

    /** How each kind of work is doing. */
    public List<WorkFigures> figures() {
        return loops.stream().map(WorkLoop::figures).flatMap(List::stream).toList();
    }

    /** Live blocks that cannot be read. */
    public List<UnreadableBlock> unreadable() {
        return quarantine.blocks();
    }

    @Override
    public void close() {
        stopping.countDown();
        loops.forEach(WorkLoop::close);
    }
}
