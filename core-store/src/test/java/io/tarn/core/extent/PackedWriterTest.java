package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.file.SimulatedFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackedWriterTest {
    private static final int CHUNK = 64 << 10;
    private static final long ROLL = 1 << 20;
    private static final PackedWriterOptions OPTIONS =
            new PackedWriterOptions(2, CHUNK, 3, ROLL, Duration.ofSeconds(10), 64, Duration.ofSeconds(20));

    private final Path root = Path.of("/extents");
    private final SimulatedFiles disk = new SimulatedFiles(root);
    private final RecordingLedger ledger = new RecordingLedger();
    private final AtomicLong now = new AtomicLong();
    private final BufferPool pool = new BufferPool(4 << 20);
    private final Random random = new Random(2);
    private ExtentStore store;
    private PackedWriter writer;

    @BeforeEach
    void open() {
        store = ExtentStore.open(disk, root, ExtentStoreOptions.defaults().withReserveBytes(0));
        writer = new PackedWriter(7, ledger, store, pool, OPTIONS, now::get);
    }

    @AfterEach
    void close() {
        writer.close();
        store.close();
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    void aSmallContentIsOneBlockAndAnEmptyOneNone() {
        assertThat(write(bytes(100))).hasSize(1);
        assertThat(write(bytes(CHUNK))).hasSize(1);
        assertThat(write(bytes(CHUNK + 1))).hasSize(2);
        assertThat(write(new byte[0])).isEmpty();
        assertThat(ledger.allocated()).isEqualTo(1);
    }

    @Test
    void aContentReadsBackWhateverThePiecesItCameIn() {
        final byte[] content = bytes(500_000);
        final ContentSink sink = writer.open();
        final ByteBuffer source = ByteBuffer.wrap(content);
        while (source.position() < content.length) {
            source.limit(Math.min(content.length, source.position() + 1 + random.nextInt(90_000)));
            sink.write(source);
        }
        final List<Block> blocks = sink.finish();
        sink.committed();
        assertThat(read(blocks)).isEqualTo(content);
    }

    @Test
    void aFullExtentIsSealedAndReleasedOnceItsBlocksAreNamed() {
        final ContentSink sink = writer.open();
        sink.write(ByteBuffer.wrap(bytes((int) ROLL * 2)));
        final List<Block> blocks = sink.finish();
        assertThat(ledger.allocated()).isEqualTo(3);
        assertThat(ledger.sealed).hasSize(2);
        assertThat(ledger.released).isEmpty();
        sink.committed();
        assertThat(ledger.released).isEqualTo(ledger.sealed.keySet());
        blocks.forEach(store::verify);
    }

    @Test
    void anIdleExtentIsSealedByTheTick() {
        final Block block = write(bytes(10)).getFirst();
        writer.tick(Duration.ofSeconds(9).toNanos());
        assertThat(ledger.sealed).isEmpty();
        writer.tick(Duration.ofSeconds(10).toNanos());
        assertThat(ledger.sealed).containsEntry(block.extent(), RecordFormat.end(block));
        assertThat(ledger.released).containsExactly(block.extent());
        assertThat(store.info(block.extent()).state()).isEqualTo(ExtentInfo.State.SEALED);
    }

    @Test
    void anAbandonedContentHoldsNothingBack() {
        final ContentSink sink = writer.open();
        sink.write(ByteBuffer.wrap(bytes(3 * CHUNK + 5)));
        sink.abandon();
        sink.abandon();
        writer.close();
        assertThat(ledger.released).hasSize(1);
        assertThat(writer.unsettledExtents()).isZero();
    }

    @Test
    void afterAFailedAppendTheExtentEndsAtTheLastAcknowledgedByteAndTheChunkGoesElsewhere() {
        final Block kept = write(bytes(100)).getFirst();
        disk.fail(file(kept.extent()));
        final byte[] content = bytes(200_000);
        final List<Block> blocks = write(content);
        assertThat(blocks).noneMatch(block -> block.extent().equals(kept.extent()));
        assertThat(read(blocks)).isEqualTo(content);
        assertThat(ledger.sealed).containsEntry(kept.extent(), RecordFormat.end(kept));
        store.verify(kept);
    }

    @Test
    void attemptsAreBounded() {
        for (long extent = 1; extent < 10; extent++) {
            disk.fail(file(new ExtentId(extent)));
        }
        assertThatThrownBy(() -> write(bytes(10)))
                .satisfies(e -> assertThat(Lane.failure(e).failure()).isEqualTo(Failure.IO_ERROR));
        assertThat(ledger.allocated()).isLessThanOrEqualTo(ContentSink.MAX_ATTEMPTS);
    }

    @Test
    void aFullDiskIsToldAtOnceAndCostsNoExtents() {
        final Block kept = write(bytes(100)).getFirst();
        disk.setBudget(1000);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> write(bytes(CHUNK)))
                    .satisfies(e -> assertThat(Lane.failure(e).failure()).isEqualTo(Failure.OUT_OF_SPACE));
        }
        assertThat(ledger.allocated()).isEqualTo(1);
        disk.setBudget(10 << 20);
        assertThat(write(bytes(CHUNK)).getFirst().extent()).isEqualTo(kept.extent());
    }

    @Test
    void sealsThatTheLedgerMissedAreMadeUpFor() {
        final Block block = write(bytes(10)).getFirst();
        ledger.unavailable = true;
        writer.tick(Duration.ofMinutes(1).toNanos());
        assertThat(writer.unsettledExtents()).isEqualTo(1);
        ledger.unavailable = false;
        writer.tick(Duration.ofMinutes(1).toNanos());
        assertThat(ledger.released).containsExactly(block.extent());
        assertThat(writer.unsettledExtents()).isZero();
    }

    @Test
    void manyWritersAtOnceNeitherMixTheirBytesNorRunOutOfBuffers() throws Exception {
        final List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            contents.add(bytes(random.nextInt(4 * CHUNK)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<List<Block>>> results = new ArrayList<>();
            for (final byte[] content : contents) {
                final Callable<List<Block>> task = () -> write(content);
                results.add(threads.submit(task));
            }
            for (int i = 0; i < contents.size(); i++) {
                assertThat(read(results.get(i).get())).isEqualTo(contents.get(i));
            }
        }
        writer.close();
        assertThat(ledger.released).hasSize(ledger.allocated());
    }

    private List<Block> write(final byte[] content) {
        try (ContentSink sink = writer.open(content.length)) {
            sink.write(ByteBuffer.wrap(content));
            final List<Block> blocks = sink.finish();
            sink.committed();
            return blocks;
        }
    }

    private byte[] read(final List<Block> blocks) {
        final ByteBuffer all =
                ByteBuffer.allocate(blocks.stream().mapToInt(Block::length).sum());
        blocks.forEach(block -> store.read(block, 0, block.length(), all));
        return all.array();
    }

    private Path file(final ExtentId extent) {
        return root.resolve("%02x/%016x.extent".formatted(extent.value() & 0xff, extent.value()));
    }

    private byte[] bytes(final int size) {
        final byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
