package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.file.SimulatedFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScrubberTest {
    private static final int EXTENTS = 3;
    private static final int BLOCKS = 100;
    private static final int BYTES = 1000;

    private final Path root = Path.of("/extents");
    private final SimulatedFiles disk = new SimulatedFiles(root);
    private final TreeMap<Long, List<Block>> live = new TreeMap<>();
    private final List<Block> bad = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private ExtentStore store;

    @BeforeEach
    void fill() {
        store = ExtentStore.open(disk, root, CrashWorkload.OPTIONS);
        for (long id = 1; id <= EXTENTS; id++) {
            final ExtentId extent = new ExtentId(id);
            store.create(extent, 1);
            final List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < BLOCKS; i++) {
                final long offset = ExtentTarget.FIRST_OFFSET + i * ExtentTarget.appendedBytes(BYTES);
                blocks.add(store.appendAsync(extent, 1, offset, List.of(ByteBuffer.allocate(BYTES)))
                        .join());
            }
            live.put(id, blocks);
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aRoundFindsEveryBadBlockAndNoOther() {
        final Block rotten = live.get(2L).get(70);
        disk.corrupt(root.resolve("02/0000000000000002.extent"), (int) rotten.offset() + 500);
        store.delete(new ExtentId(3));
        final Scrubber scrubber = scrubber(Scrubber.Position.START);
        while (scrubber.step()) {
            assertThat(bad.size()).isLessThanOrEqualTo(BLOCKS + 1);
        }
        final List<Block> expected = new ArrayList<>(List.of(rotten));
        expected.addAll(live.get(3L));
        assertThat(bad).isEqualTo(expected);
        assertThat(scrubber.position()).isEqualTo(Scrubber.Position.START);
    }

    @Test
    void aRoundGoesOnFromItsPosition() {
        final Scrubber first = scrubber(Scrubber.Position.START);
        first.step();
        first.step();
        first.step();
        live.get(1L).clear();
        disk.corrupt(
                root.resolve("02/0000000000000002.extent"),
                (int) live.get(2L).getFirst().offset() + 500);
        final Scrubber second = scrubber(first.position());
        while (second.step()) {
            assertThat(second.position().extent()).isPresent();
        }
        assertThat(bad).containsExactly(live.get(2L).getFirst());
    }

    @Test
    void theRateIsHeld() {
        final Scrubber scrubber = scrubber(Scrubber.Position.START);
        while (scrubber.step()) {
            assertThat(bad).isEmpty();
        }
        // the last block is let through without waiting for its own bytes
        final double seconds = (EXTENTS * BLOCKS - 1) * BYTES / 10_000.0;
        assertThat(clock.get() / 1e9).isCloseTo(seconds, Offset.offset(0.001));
    }

    private Scrubber scrubber(final Scrubber.Position start) {
        final BlockSource source = new BlockSource() {
            @Override
            public Optional<ExtentId> nextExtent(final Optional<ExtentId> after) {
                return Optional.ofNullable(
                                live.higherKey(after.map(ExtentId::value).orElse(0L)))
                        .map(ExtentId::new);
            }

            @Override
            public List<Block> blocks(final ExtentId extent, final long fromOffset, final int limit) {
                return live.get(extent.value()).stream()
                        .filter(block -> block.offset() >= fromOffset)
                        .limit(limit)
                        .toList();
            }
        };
        return new Scrubber(
                store, source, (block, cause) -> bad.add(block), 10_000, start, clock::get, clock::addAndGet);
    }
}
