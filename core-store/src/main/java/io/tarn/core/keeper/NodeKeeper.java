package io.tarn.core.keeper;

import io.tarn.core.extent.ExtentStore;
import io.tarn.core.session.SessionClient;
import io.tarn.core.session.ShardNames;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;

/**
 * A node's background work, on three threads: one for what is quick (idle writers, ended sessions, dead space, retention), one for
 * compaction, one for scrubbing, which both wait for their rate most of the time. Nothing waits for any of them. Thread-safe.
 */
public final class NodeKeeper implements AutoCloseable {
    /** The kinds of work there are. */
    public static final List<String> WORKS =
            List.of("writers", "handles", "sessions", "commits", "space", "feed", "uploads", "compaction", "scrub");

    private static final Duration QUICK_PAUSE = Duration.ofSeconds(1);
    private static final Duration SLOW_PAUSE = Duration.ofSeconds(5);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<ShardSession> shards;
    private final ShardNames names;
    private final VolumeWriters writers;
    private final List<SpaceKeeper> space;
    private final Quarantine quarantine;
    private final WorkLoop quick;
    private final List<WorkLoop> loops;

    /**
     * @param clients of this node, a set that may change meanwhile
     * @param isOpenSession whether the control group has a session of that id
     * @param quarantine receives what scrubbing finds unreadable
     * @param scrubJournals what the files are named after that remember, for each shard, where scrubbing has come to
     */
    public NodeKeeper(
            final List<ShardSession> shards,
            final ExtentStore store,
            final ShardNames names,
            final VolumeWriters writers,
            final Set<SessionClient> clients,
            final LongPredicate isOpenSession,
            final Quarantine quarantine,
            final Path scrubJournals,
            final KeeperSettings settings) {
        final InstantSource clock = InstantSource.system();
        final Waits waits = Waits.until(stopping);
        this.shards = List.copyOf(shards);
        this.names = names;
        this.writers = writers;
        this.space = shards.stream()
                .map(shard -> new SpaceKeeper(shard, store, shard.pins()))
                .toList();
        this.quarantine = quarantine;
        final List<BackgroundWork> quickWork = new ArrayList<>();
        final List<BackgroundWork> compaction = new ArrayList<>();
        final List<BackgroundWork> scrubbing = new ArrayList<>();
        quickWork.add(new WriterKeeper(clients, waits::nanoTime));
        quickWork.add(new HandleKeeper(clients, waits::nanoTime));
        quickWork.addAll(space);
        for (final ShardSession shard : shards) {
            quickWork.add(new SessionKeeper(shard, isOpenSession));
            quickWork.add(new CommitKeeper(shard, names));
            quickWork.add(new FeedKeeper(shard, settings.feedRetention(), settings.feedEventsMax(), clock));
            quickWork.add(new UploadKeeper(shard, settings.uploadRetention(), clock));
            compaction.add(new Compactor(shard, store, shard.pins(), writers, settings.compaction(), waits));
            final Path journal = scrubJournals.resolveSibling(
                    scrubJournals.getFileName() + "-" + shard.shard().number());
            scrubbing.add(
                    new ScrubKeeper(shard, store, shard.pins(), quarantine, settings.scrub(), journal, clock, waits));
        }
        this.quick = new WorkLoop("keeper", QUICK_PAUSE, stopping, quickWork);
        this.loops = List.of(
                quick,
                new WorkLoop("compactor", SLOW_PAUSE, stopping, compaction),
                new WorkLoop("scrubber", SLOW_PAUSE, stopping, scrubbing));
    }

    public void start() {
        loops.forEach(WorkLoop::start);
    }

    /** Gives all dead space back now, on the caller's thread. */
    public void runOnce() {
        quick.exclusively(() -> {
            writers.tick(System.nanoTime());
            shards.forEach(names::sweep);
            space.forEach(SpaceKeeper::recoverOrphans);
            space.forEach(keeper -> keeper.clean(false));
        });
    }

    /** How each kind of work is doing, in all shards together. */
    public List<WorkFigures> figures() {
        final Map<String, WorkFigures> byName = new LinkedHashMap<>();
        loops.stream()
                .map(WorkLoop::figures)
                .flatMap(List::stream)
                .forEach(figures -> byName.merge(figures.name(), figures, WorkFigures::plus));
        return List.copyOf(byName.values());
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
