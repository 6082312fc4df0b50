package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import io.tarn.core.file.FileLayer;
import io.tarn.core.file.SimulatedFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The contract over the simulated disk, and what only a disk that fails on demand can show. */
class SimulatedExtentStoreTest extends ExtentStoreContract {
    private static final long START = ExtentTarget.FIRST_OFFSET;

    private final Path root = Path.of("/extents");
    private final SimulatedFiles disk = new SimulatedFiles(root);
    private final Path file = root.resolve("07/0001000000000007.extent");

    @Override
    FileLayer layer() {
        return disk;
    }

    @Override
    Path root() {
        return root;
    }

    @Test
    void appendsInFlightShareAForce() {
        final StepwiseCommit commit = new StepwiseCommit();
        try (ExtentStore stepwise =
                ExtentStore.open(disk, root, CrashWorkload.OPTIONS, commit, CrashWorkload.SCRATCH)) {
            stepwise.create(EXTENT, 1);
            final List<CompletableFuture<Block>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                futures.add(stepwise.appendAsync(
                        EXTENT, 1, START + i * ExtentTarget.appendedBytes(100), List.of(ByteBuffer.allocate(100))));
            }
            final long before = disk.forces();
            assertThat(futures).noneMatch(CompletableFuture::isDone);
            commit.run();
            assertThat(futures).allMatch(CompletableFuture::isDone);
            assertThat(disk.forces() - before).isEqualTo(1);
        }
    }

    @Test
    void whatAFailedCreationLeftGoesWithTheExtent() {
        // a directory made and forced, the file made, written and forced; its name cannot be forced, nor it be removed
        disk.failAfter(5, Long.MAX_VALUE, Failure.IO_ERROR);
        refused(Failure.IO_ERROR, () -> store.create(EXTENT, 1));
        disk.recover();
        assertThat(disk.list(file.getParent())).hasSize(1);
        store.delete(EXTENT);
        assertThat(disk.list(file.getParent())).isEmpty();
    }

    @Test
    void aDeletionThatWasNotForcedCanBeRepeatedAndIsDurableThen() {
        store.create(EXTENT, 1);
        disk.fail(file.getParent());
        refused(Failure.IO_ERROR, () -> store.delete(EXTENT));
        disk.heal(file.getParent());
        store.delete(EXTENT);
        assertThat(store.list()).isEmpty();
        for (int seed = 0; seed < 20; seed++) {
            assertThat(disk.crash(new Random(seed)).list(file.getParent())).isEmpty();
        }
    }

    @Test
    void aFailedWriteIsNotAcknowledgedAndTheExtentIsSealedBeforeIt() {
        store.create(EXTENT, 1);
        final Block kept = append(START, random(5000));
        disk.fail(file);
        refused(Failure.IO_ERROR, () -> append(RecordFormat.end(kept), random(10)));
        store.verify(kept);
        refused(Failure.IO_ERROR, () -> store.seal(EXTENT, 1, RecordFormat.end(kept)));
        disk.heal(file);
        refused(Failure.CONFLICT, () -> append(RecordFormat.end(kept), random(10)));
        store.seal(EXTENT, 1, RecordFormat.end(kept));
        store.verify(kept);
    }

    @Test
    void aFailedForceIsNeverTakenBackByALaterOne() {
        final StepwiseCommit commit = new StepwiseCommit();
        try (ExtentStore stepwise =
                ExtentStore.open(disk, root, CrashWorkload.OPTIONS, commit, CrashWorkload.SCRATCH)) {
            stepwise.create(EXTENT, 1);
            final CompletableFuture<Block> lost =
                    stepwise.appendAsync(EXTENT, 1, START, List.of(ByteBuffer.allocate(10)));
            disk.fail(file);
            commit.run();
            disk.heal(file);
            refused(Failure.IO_ERROR, lost::join);
            refused(Failure.IO_ERROR, () -> stepwise.appendAsync(EXTENT, 1, START, List.of(ByteBuffer.allocate(10)))
                    .join());
            assertThat(stepwise.fence(EXTENT, 1)).isEqualTo(START);
        }
    }

    @Test
    void aFullDiskRefusesAppendsAndServesTheRest() {
        store.close();
        store = ExtentStore.open(disk, root, ExtentStoreOptions.defaults().withReserveBytes(50_000));
        disk.setBudget(90_000);
        store.create(EXTENT, 1);
        final Block first = append(START, random(10_000));
        refused(Failure.OUT_OF_SPACE, () -> append(RecordFormat.end(first), random(40_000)));
        store.verify(first);
        disk.setBudget(1_000_000);
        final Block second = append(RecordFormat.end(first), random(40_000));
        disk.setBudget(0);
        refused(Failure.OUT_OF_SPACE, () -> store.create(new ExtentId(8), 1));
        store.seal(EXTENT, 1, RecordFormat.end(second));
        store.punch(EXTENT, List.of(ByteRange.of(first)));
        store.verify(second);
        store.delete(EXTENT);
    }

    @Test
    void aDiskThatFillsUpDuringAnAppendLeavesTheExtentUsable() {
        store.create(EXTENT, 1);
        final Block first = append(START, random(100_000));
        disk.setBudget(1000);
        refused(Failure.OUT_OF_SPACE, () -> append(RecordFormat.end(first), random(40_000)));
        disk.setBudget(1_000_000);
        store.verify(append(RecordFormat.end(first), random(50_000)));
    }

    @Test
    void oneFlippedBitIsFoundInTheReadsThatTouchIt() {
        store.create(EXTENT, 1);
        final Block block = append(START, random(3 * 4096));
        disk.corrupt(file, (int) START + RecordFormat.HEADER_BYTES + 4096);
        refused(Failure.CORRUPT, () -> read(block, 0, 3 * 4096));
        refused(Failure.CORRUPT, () -> read(block, 5000, 10));
        assertThat(read(block, 0, 4096)).hasSize(4096);
        assertThat(read(block, 8192, 4096)).hasSize(4096);
    }

    @Test
    void oneBadStateSlotIsSurvivedAndTwoAreReported() {
        store.create(EXTENT, 1);
        final Block block = append(START, random(100));
        store.seal(EXTENT, 1, RecordFormat.end(block));
        for (final int slot : new int[] {0, ExtentHeader.SLOT_SPACING_BYTES}) {
            disk.corrupt(file, slot + 20);
            reopen();
            assertThat(store.info(EXTENT).state()).isEqualTo(ExtentInfo.State.SEALED);
            disk.corrupt(file, slot + 20);
        }
        disk.corrupt(file, 20);
        disk.corrupt(file, ExtentHeader.SLOT_SPACING_BYTES + 20);
        reopen();
        assertThat(store.info(EXTENT).state()).isEqualTo(ExtentInfo.State.DAMAGED);
        store.verify(block);
        refused(Failure.CORRUPT, () -> store.seal(EXTENT, 1, RecordFormat.end(block)));
    }
}
