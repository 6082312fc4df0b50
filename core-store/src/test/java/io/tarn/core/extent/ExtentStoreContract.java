package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.file.FileLayer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for an {@link ExtentStore} over every {@link FileLayer}. */
abstract class ExtentStoreContract {
    static final ExtentId EXTENT = new ExtentId(0x0001_0000_0000_0007L);
    private static final long START = ExtentTarget.FIRST_OFFSET;

    final Random random = new Random(1);
    ExtentStore store;

    abstract FileLayer layer();

    abstract Path root();

    @BeforeEach
    void openStore() {
        store = ExtentStore.open(layer(), root(), ExtentStoreOptions.defaults().withReserveBytes(0));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void everySizeAndEveryPartOfABlockReadsBack() {
        store.create(EXTENT, 1);
        long offset = START;
        for (final int size : new int[] {1, 4095, 4096, 4097, 8192, 20_000, 1 << 20, ExtentTarget.MAX_APPEND_BYTES}) {
            final byte[] bytes = random(size);
            final Block block = append(offset, bytes);
            offset += ExtentTarget.appendedBytes(size);
            assertThat(read(block, 0, size)).isEqualTo(bytes);
            for (int i = 0; i < 20; i++) {
                final int from = random.nextInt(size);
                final int length = 1 + random.nextInt(Math.min(size - from, 30_000));
                final byte[] part = Arrays.copyOfRange(bytes, from, from + length);
                assertThat(read(block, from, length))
                        .as("%d from %d of %d", length, from, size)
                        .isEqualTo(part);
            }
            store.verify(block);
        }
    }

    @Test
    void aBlocksChecksumIsThatOfItsPayload() {
        store.create(EXTENT, 1);
        final byte[] bytes = random(1_000_001);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertThat(append(START, bytes).checksum()).isEqualTo((int) crc.getValue());
    }

    @Test
    void payloadMayComeInPiecesOfAnyKind() {
        store.create(EXTENT, 1);
        final byte[] bytes = random(10_000);
        final ByteBuffer heap = ByteBuffer.wrap(bytes, 0, 5000);
        final ByteBuffer direct =
                ByteBuffer.allocateDirect(5000).put(bytes, 5000, 5000).flip();
        final Block block =
                store.appendAsync(EXTENT, 1, START, List.of(heap, direct)).join();
        assertThat(read(block, 0, 10_000)).isEqualTo(bytes);
        assertThat(heap.remaining()).isEqualTo(5000);
        assertThat(direct.remaining()).isEqualTo(5000);
    }

    @Test
    void repeatingAnAppendGivesTheSameBlock() {
        store.create(EXTENT, 1);
        final byte[] bytes = random(100);
        final Block first = append(START, bytes);
        assertThat(append(START, bytes)).isEqualTo(first);
        refused(Failure.CONFLICT, () -> append(START, random(100)));
        append(START + ExtentTarget.appendedBytes(100), bytes);
    }

    @Test
    void appendsOutOfOrderOrOfAnotherEpochAreRefused() {
        store.create(EXTENT, 5);
        refused(Failure.CONFLICT, () -> append(4, START, random(10)));
        refused(Failure.CONFLICT, () -> append(6, START, random(10)));
        refused(Failure.CONFLICT, () -> append(5, START + 1, random(10)));
        refused(Failure.NOT_FOUND, () -> store.appendAsync(new ExtentId(9), 1, START, List.of(ByteBuffer.allocate(1)))
                .join());
        refused(Failure.INVALID_ARGUMENT, () -> append(5, START, new byte[0]));
        refused(Failure.INVALID_ARGUMENT, () -> append(5, START, new byte[ExtentTarget.MAX_APPEND_BYTES + 1]));
    }

    @Test
    void aSealFixesTheLengthAndCutsWhatLiesBehind() {
        store.create(EXTENT, 1);
        final Block kept = append(START, random(100));
        final Block cut = append(RecordFormat.end(kept), random(100));
        refused(Failure.INVALID_ARGUMENT, () -> store.seal(EXTENT, 1, RecordFormat.end(cut) + 1));
        store.seal(EXTENT, 2, RecordFormat.end(kept));
        store.seal(EXTENT, 2, RecordFormat.end(kept));
        refused(Failure.CONFLICT, () -> store.seal(EXTENT, 2, START));
        refused(Failure.CONFLICT, () -> append(RecordFormat.end(kept), random(1)));
        refused(Failure.CORRUPT, () -> read(cut, 0, 100));
        store.verify(kept);
        reopen();
        assertThat(store.list())
                .containsExactly(new ExtentInfo(EXTENT, ExtentInfo.State.SEALED, 2, RecordFormat.end(kept)));
    }

    @Test
    void aFenceStopsTheWriterAndTellsTheLength() {
        store.create(EXTENT, 1);
        final Block block = append(START, random(5000));
        assertThat(store.fence(EXTENT, 3)).isEqualTo(RecordFormat.end(block));
        refused(Failure.CONFLICT, () -> append(RecordFormat.end(block), random(1)));
        refused(Failure.CONFLICT, () -> store.seal(EXTENT, 2, RecordFormat.end(block)));
        reopen();
        refused(Failure.CONFLICT, () -> store.fence(EXTENT, 2));
        store.seal(EXTENT, 3, RecordFormat.end(block));
    }

    @Test
    void anExtentLeftOpenIsReadableAndSealedWhereItIsWhole() {
        store.create(EXTENT, 1);
        final Block first = append(START, random(5000));
        final Block last = append(RecordFormat.end(first), random(9000));
        reopen();
        assertThat(store.info(EXTENT).state()).isEqualTo(ExtentInfo.State.ORPHANED);
        store.verify(last);
        refused(Failure.CONFLICT, () -> append(RecordFormat.end(last), random(1)));
        assertThat(store.sealRecovered(EXTENT)).isEqualTo(RecordFormat.end(last));
        assertThat(store.sealRecovered(EXTENT)).isEqualTo(RecordFormat.end(last));
        store.verify(first);
    }

    @Test
    void punchedBlocksAreGoneAndTheirNeighboursStay() {
        store.create(EXTENT, 1);
        final List<Block> blocks = new ArrayList<>();
        long offset = START;
        for (int i = 0; i < 3; i++) {
            blocks.add(append(offset, random(10_000)));
            offset += ExtentTarget.appendedBytes(10_000);
        }
        refused(Failure.CONFLICT, () -> store.punch(EXTENT, List.of(ByteRange.of(blocks.get(1)))));
        store.seal(EXTENT, 1, offset);
        store.punch(EXTENT, List.of(ByteRange.of(blocks.get(1))));
        refused(Failure.CORRUPT, () -> read(blocks.get(1), 5000, 100));
        store.verify(blocks.get(0));
        store.verify(blocks.get(2));
        refused(Failure.INVALID_ARGUMENT, () -> store.punch(EXTENT, 0, START));
    }

    @Test
    void aDeletedExtentIsGone() {
        store.create(EXTENT, 1);
        final Block block = append(START, random(10));
        store.delete(EXTENT);
        store.delete(EXTENT);
        refused(Failure.NOT_FOUND, () -> read(block, 0, 1));
        reopen();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void creatingAgainIsHarmlessOnlyWhileEmpty() {
        store.create(EXTENT, 1);
        store.create(EXTENT, 1);
        refused(Failure.ALREADY_EXISTS, () -> store.create(EXTENT, 2));
        append(START, random(1));
        refused(Failure.ALREADY_EXISTS, () -> store.create(EXTENT, 1));
    }

    @Test
    void aWrongBlockIsCorruptNotWrongBytes() {
        store.create(EXTENT, 1);
        final Block block = append(START, random(8192));
        final Block shifted = new Block(EXTENT, START + 4, 4096, 0);
        refused(Failure.CORRUPT, () -> read(shifted, 0, 4096));
        final Block other = new Block(EXTENT, START, 8192, block.checksum() + 1);
        refused(Failure.CORRUPT, () -> read(other, 0, 8192));
        refused(Failure.CORRUPT, () -> store.verify(new Block(EXTENT, START, Integer.MAX_VALUE, 0)));
        refused(Failure.INVALID_ARGUMENT, () -> read(block, 8000, 200));
    }

    @Test
    void manyAppendsInFlightAllBecomeDurable() {
        store.create(EXTENT, 1);
        final List<CompletableFuture<Block>> futures = new ArrayList<>();
        final byte[] bytes = random(777);
        for (int i = 0; i < 3000; i++) {
            futures.add(store.appendAsync(
                    EXTENT, 1, START + i * ExtentTarget.appendedBytes(777), List.of(ByteBuffer.wrap(bytes))));
        }
        futures.forEach(future -> assertThat(read(future.join(), 0, 777)).isEqualTo(bytes));
    }

    final Block append(final long offset, final byte[] bytes) {
        return append(1, offset, bytes);
    }

    private Block append(final long epoch, final long offset, final byte[] bytes) {
        return store.appendAsync(EXTENT, epoch, offset, List.of(ByteBuffer.wrap(bytes)))
                .join();
    }

    final byte[] read(final Block block, final int from, final int length) {
        final ByteBuffer direct = ByteBuffer.allocateDirect(length + 1);
        store.read(block, from, length, direct);
        assertThat(direct.position()).isEqualTo(length);
        final byte[] bytes = new byte[length];
        direct.get(0, bytes);
        return bytes;
    }

    final byte[] random(final int size) {
        final byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    final void reopen() {
        store.close();
        openStore();
    }

    static void refused(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(Lane.failure(e).failure()).isEqualTo(failure));
    }
}
