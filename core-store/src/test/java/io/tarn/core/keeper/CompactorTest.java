package io.tarn.core.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.node.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction on a whole node, with real files, log and store. */
final class CompactorTest {
    private static final int OBJECTS = 40;
    private static final int BYTES = 200_000;
    private static final long RATE = 1L << 40;
    /** Blocks that have to be moved while files change for the test to mean something. */
    private static final int MOVED_MIN = 60;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path data;

    private TestNode node;
    private long volume;

    @BeforeEach
    void start() {
        node = TestNode.start(data);
        volume = node.volume("bucket");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Compactor compactor(final int livePercent, final long smallBytes) {
        return new Compactor(
                node.session(),
                node.node.extents(),
                node.pins(),
                node.node.writers(),
                new CompactionSettings(livePercent, smallBytes, RATE, Duration.ZERO),
                Waits.until(new CountDownLatch(1)));
    }

    private static void runAll(final Compactor compactor) {
        boolean more = true;
        while (more) {
            more = compactor.round();
        }
    }

    private void fill() {
        for (int i = 0; i < OBJECTS; i++) {
            node.put(volume, "k" + i, TestNode.bytes(BYTES, i));
        }
        node.seal();
    }

    private void deleteMost() {
        for (int i = 0; i < OBJECTS; i++) {
            if (i % 4 != 0) {
                node.delete(volume, "k" + i);
            }
        }
    }

    private void assertRest() {
        for (int i = 0; i < OBJECTS; i += 4) {
            assertThat(node.get(volume, "k" + i)).isEqualTo(TestNode.bytes(BYTES, i));
        }
    }

    @Test
    void whatIsAliveInAMostlyDeadExtentMovesAndTheExtentGoes() {
        fill();
        final List<ExtentId> before = node.extents();
        deleteMost();
        final Compactor compactor = compactor(50, 0);
        runAll(compactor);
        assertThat(compactor.done()).isEqualTo(OBJECTS / 4);
        assertRest();
        node.node.keeper().runOnce();
        assertThat(node.extents()).hasSize(1).doesNotContainAnyElementsOf(before);
        assertRest();
        node.assertSound();
        runAll(compactor);
        assertThat(compactor.done()).isEqualTo(OBJECTS / 4);
    }

    @Test
    void anExtentThatIsMostlyAliveStays() {
        fill();
        node.delete(volume, "k1");
        final Compactor compactor = compactor(50, 0);
        runAll(compactor);
        assertThat(compactor.done()).isZero();
    }

    @Test
    void smallExtentsOfAVolumeAreMergedButNotOneByOneForEver() {
        for (int i = 0; i < Victims.MERGE_MIN + 1; i++) {
            node.put(volume, "k" + i, TestNode.bytes(BYTES, i));
            node.seal();
        }
        assertThat(node.extents()).hasSize(Victims.MERGE_MIN + 1);
        final Compactor compactor = compactor(50, 1L << 20);
        runAll(compactor);
        node.node.keeper().runOnce();
        assertThat(node.extents()).hasSize(1);
        for (int i = 0; i < Victims.MERGE_MIN - 1; i++) {
            node.put(volume, "tiny" + i, TestNode.bytes(8_000, i));
            node.seal();
        }
        final long done = compactor.done();
        runAll(compactor);
        assertThat(compactor.done()).isEqualTo(done);
        node.assertSound();
    }

    @Test
    void aReaderThatBeganBeforeKeepsItsBytes() {
        fill();
        deleteMost();
        try (ContentReader reader = node.objects().open(volume, Key.of("k0"), Optional.empty())) {
            runAll(compactor(50, 0));
            node.node.keeper().runOnce();
            assertThat(TestNode.read(reader)).isEqualTo(TestNode.bytes(BYTES, 0));
        }
        final int whileRead = node.extents().size();
        node.node.keeper().runOnce();
        assertThat(node.extents().size()).isLessThan(whileRead);
        assertRest();
    }

    @Test
    void nothingIsLostWhenFilesAreOverwrittenDeletedAndClonedMeanwhile() throws Exception {
        fill();
        final Map<String, Integer> expected = new ConcurrentHashMap<>();
        for (int i = 0; i < OBJECTS; i++) {
            expected.put("k" + i, i);
        }
        final AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                final int own = worker;
                running.add(workers.submit(() -> change(own, expected, stop)));
            }
            final Compactor compactor = compactor(90, 64L << 20);
            final long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (compactor.done() < MOVED_MIN && System.nanoTime() < deadline) {
                node.seal();
                runAll(compactor);
                node.node.keeper().runOnce();
            }
            stop.set(true);
            for (final Future<?> worker : running) {
                worker.get();
            }
            assertThat(compactor.done()).isGreaterThanOrEqualTo(MOVED_MIN);
        }
        for (final Map.Entry<String, Integer> entry : expected.entrySet()) {
            assertThat(node.get(volume, entry.getKey()))
                    .as(entry.getKey())
                    .isEqualTo(TestNode.bytes(BYTES, entry.getValue()));
        }
        node.seal();
        node.node.keeper().runOnce();
        node.assertSound();
    }

    /** Each worker changes its own keys, and may clone from anybody's. */
    private void change(final int own, final Map<String, Integer> expected, final AtomicBoolean stop) {
        final Random random = new Random(own);
        while (!stop.get()) {
            final String key = "k" + (random.nextInt(OBJECTS / 4) * 4 + own);
            switch (random.nextInt(4)) {
                case 0 -> {
                    final int seed = random.nextInt();
                    node.put(volume, key, TestNode.bytes(BYTES, seed));
                    expected.put(key, seed);
                }
                case 1 -> {
                    node.delete(volume, key);
                    expected.remove(key);
                }
                default -> cloneInto(key, "k" + (random.nextInt(OBJECTS / 4) * 4 + own), expected);
            }
        }
    }

    private void cloneInto(final String target, final String source, final Map<String, Integer> expected) {
        final Optional<ObjectInfo> found = node.objects().stat(volume, Key.of(source), Optional.empty());
        if (found.isPresent() && !source.equals(target)) {
            final int seed = expected.get(source);
            node.name(volume, target, node.objects().cloneOf(found.get(), 0, BYTES));
            expected.put(target, seed);
        }
    }

    @Test
    void aCompactionThatCannotGoOnLeavesEverythingReadable() {
        fill();
        deleteMost();
        final Compactor compactor = new Compactor(
                node.session(),
                node.node.extents(),
                node.pins(),
                node.node.writers(),
                new CompactionSettings(50, 0, 1, Duration.ZERO),
                new Waits() {
                    @Override
                    public long nanoTime() {
                        return 0;
                    }

                    @Override
                    public void sleep(final long nanos) {
                        throw new StorageException(Failure.UNAVAILABLE, "ending");
                    }
                });
        compactor.round();
        assertThatThrownBy(compactor::round).isInstanceOf(StorageException.class);
        node.seal();
        node.node.keeper().runOnce();
        assertRest();
        node.assertSound();
    }
}
