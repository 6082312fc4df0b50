package io.tarn.core.crash;

import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.crash.World.Name;
import io.tarn.core.crash.World.Version;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.extent.PackedWriter;
import io.tarn.core.extent.PackedWriterOptions;
import io.tarn.core.extent.SteppedExtents;
import io.tarn.core.file.SimulatedFiles;
import io.tarn.core.fsck.Fsck;
import io.tarn.core.keeper.SpaceKeeper;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.SessionClient;
import io.tarn.core.session.ShardMap;
import io.tarn.core.session.ShardNames;
import io.tarn.core.session.ShardSession;
import io.tarn.core.session.VolumeWriters;
import io.tarn.core.shard.Shard;
import io.tarn.core.shard.SimulatedShard;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A node on a simulated disk, put together as {@link io.tarn.core.node.LocalNode} does, that takes one step at a time. */
final class SimulatedNode {
    static final Path ROOT = Path.of("/node");
    static final long PLAIN = 1;
    static final long VERSIONED = 2;

    /** Contents beyond this go to extents. */
    static final int INLINE_MAX_BYTES = 600;

    private static final int VOLUMES_MAX = 16;

    static final int CHUNK_BYTES = BufferPool.MIN_BUFFER_BYTES;
    private static final int SHARD = 1;
    private static final int PAGE = 1000;
    private static final int PARTS_MAX = 100;
    private static final int ROLL_BYTES = 64 << 10;
    static final Duration IDLE_AFTER = Duration.ofSeconds(30);
    private static final BufferPool BUFFERS = new BufferPool(BufferPool.MAX_BUFFER_BYTES);
    private static final PackedWriterOptions WRITER_OPTIONS =
            new PackedWriterOptions(2, CHUNK_BYTES, 4, ROLL_BYTES, IDLE_AFTER, 8, Duration.ZERO);

    private final SteppedExtents extents;
    private final SimulatedShard shard;
    private final Shard seenBySession;
    private final ReadPins pins = new ReadPins();
    private final Clock clock;
    private final long root;
    private ShardSession session;
    private VolumeWriters writers;
    private Map<Long, PackedWriter> others;
    private ObjectStore objects;
    private SpaceKeeper space;

    /** Time of the node, which stands still but for {@link #advance}. */
    static final class Clock {
        private long nanos = 1_700_000_000_000_000_000L;

        long nanoTime() {
            return nanos;
        }

        void advance(final Duration by) {
            nanos += by.toNanos();
        }
    }

    private SimulatedNode(
            final SimulatedFiles disk, final long session, final Clock clock, final UnaryOperator<Shard> view) {
        this.clock = clock;
        this.shard =
                SimulatedShard.open(SHARD, new NamespaceState(SHARD), disk, ROOT.resolve("shard"), clock::nanoTime);
        this.extents = new SteppedExtents(disk, ROOT.resolve("extents"));
        this.seenBySession = view.apply(shard);
        openSession(session);
        this.root = root(PLAIN, Versioning.OFF);
        if (root(VERSIONED, Versioning.ENABLED) == root) {
            throw new IllegalStateException("two volumes have one root");
        }
    }

    /** Makes a volume, or finds that it is there. */
    private long root(final long volume, final Versioning versioning) {
        return session.call(NamespaceCommands.createRoot(volume, "tenant", 1, 1, Quota.NONE, versioning))
                .getId()
                .getId();
    }

    /** Makes the directories where there are none, durably. */
    private static void format(final SimulatedFiles disk) {
        SimulatedShard.format(disk, ROOT.resolve("shard"));
        disk.createDirectory(ROOT.resolve("extents"));
        disk.forceDirectory(ROOT);
    }

    /**
     * Recovers what is on the disk.
     *
     * @param session one that was never used before
     * @param view what clients and keepers are shown of the shard
     */
    static SimulatedNode start(
            final SimulatedFiles disk, final long session, final Clock clock, final UnaryOperator<Shard> view) {
        format(disk);
        return new SimulatedNode(disk, session, clock, view);
    }

    /** Everything that clients hold is gone; a new client opens its session and ends all others. */
    void openSession(final long number) {
        session = new ShardSession(seenBySession, () -> number, pins);
        session.open();
        session.endOthers();
        final ShardNames names = new ShardNames(ShardMap.single(session));
        writers = new VolumeWriters(
                names, extents, BUFFERS, INLINE_MAX_BYTES, WRITER_OPTIONS, VOLUMES_MAX, clock::nanoTime);
        others = new HashMap<>();
        objects = SessionClient.objects(names, writers, extents.store()::read);
        space = new SpaceKeeper(session, extents.store(), pins, clock::nanoTime);
    }

    /** A writer of blocks that are not put by the object store. */
    PackedWriter writer(final long volume) {
        return others.computeIfAbsent(
                volume,
                id -> new PackedWriter(
                        id, new SessionLedger(session), extents, BUFFERS, WRITER_OPTIONS, clock::nanoTime));
    }

    /** A round of the keepers of the node, and of the writers that the object store's keeper does not know. */
    void keep() {
        others.values().forEach(writer -> writer.tick(clock.nanoTime()));
        writers.tick(clock.nanoTime());
        space.recoverOrphans();
        space.clean(false);
    }

    /** Inode of the root of the volume without versions. */
    long root() {
        return root;
    }

    ObjectStore objects() {
        return objects;
    }

    ShardSession session() {
        return session;
    }

    SimulatedShard shard() {
        return shard;
    }

    ExtentStore store() {
        return extents.store();
    }

    SteppedExtents extents() {
        return extents;
    }

    Clock clock() {
        return clock;
    }

    long buffersLent() {
        return BUFFERS.lentBytes();
    }

    Fsck fsck() {
        return new Fsck(List.of(session), extents.store());
    }

    Bytes read(final ContentReader reader) {
        final ByteBuffer target =
                ByteBuffer.allocate(Math.toIntExact(reader.info().size()));
        final int read = reader.read(0, target);
        if (read != target.capacity()) {
            throw new AssertionError("%d of %d bytes were read".formatted(read, target.capacity()));
        }
        return Bytes.of(target.array());
    }

    /** All that clients can see, read as clients do. */
    World look() {
        final Map<Name, List<Version>> names = new TreeMap<>();
        final Map<String, World.Upload> uploads = new HashMap<>();
        for (final long volume : List.of(PLAIN, VERSIONED)) {
            final Listing listing =
                    objects.listVersions(volume, Key.EMPTY, Key.EMPTY, Key.EMPTY, Optional.empty(), PAGE);
            listing.entries().forEach(entry -> {
                final ObjectInfo info = ((Found) entry).info();
                names.computeIfAbsent(new Name(volume, info.key().toString()), unused -> new ArrayList<>())
                        .add(new Version(info.version(), content(volume, info)));
            });
            objects.uploads(volume, Key.EMPTY, Key.EMPTY, Key.EMPTY, Optional.empty(), PAGE)
                    .uploads()
                    .forEach(upload -> uploads.put(upload.id(), upload(upload)));
        }
        return new World(names, uploads);
    }

    private Optional<Bytes> content(final long volume, final ObjectInfo info) {
        if (info.deleteMarker()) {
            return Optional.empty();
        }
        try (ContentReader reader = objects.open(volume, info.key(), Optional.of(info.version()))) {
            return Optional.of(read(reader));
        }
    }

    private World.Upload upload(final ObjectStore.Upload upload) {
        final Map<Integer, String> parts = new HashMap<>();
        for (final Part part : objects.parts(upload, 0, PARTS_MAX)) {
            parts.put(part.number(), part.etag());
        }
        return new World.Upload(new Name(upload.volume(), upload.key().toString()), parts);
    }
}
