package io.tarn.core.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.file.SimulatedFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A seeded run of appends, seals, punches and deletions that remembers what was acknowledged. */
final class CrashWorkload {
    static final Path ROOT = Path.of("/extents");
    static final ExtentStoreOptions OPTIONS = ExtentStoreOptions.defaults().withReserveBytes(0);
    static final BufferPool SCRATCH = new BufferPool(ExtentStoreOptions.MIN_SCRATCH_BYTES);
    private static final int STEPS = 30;
    private static final int MAX_BATCH = 3;
    private static final int MAX_PAYLOAD = 10_000;

    private final Random random;
    private final StepwiseCommit commit = new StepwiseCommit();
    private final ExtentStore store;
    private final List<Known> extents = new ArrayList<>();
    private long nextExtent = 1;

    CrashWorkload(final SimulatedFiles disk, final long seed) {
        this.random = new Random(seed);
        this.store = ExtentStore.open(disk, ROOT, OPTIONS, commit, SCRATCH);
    }

    /** Runs to the end or to the power cut. */
    void run() {
        try {
            for (int step = 0; step < STEPS; step++) {
                step();
            }
        } catch (StorageException e) {
            assertThat(e.failure()).isEqualTo(Failure.IO_ERROR);
        }
    }

    private void step() {
        final List<Known> open = extents.stream().filter(e -> e.mayBeOpen()).toList();
        final List<Known> sealed = extents.stream()
                .filter(e -> e.sealedLength > 0 && !e.deleteStarted)
                .toList();
        switch (random.nextInt(10)) {
            case 0 -> create();
            case 1 -> pick(open).ifPresent(this::seal);
            case 2, 3 -> pick(sealed).ifPresent(this::punch);
            case 4 -> {
                if (random.nextInt(3) == 0) {
                    pick(extents.stream().filter(e -> !e.deleteStarted).toList())
                            .ifPresent(this::delete);
                }
            }
            default -> pick(open).ifPresentOrElse(this::append, this::create);
        }
    }

    private void create() {
        final Known known = new Known(new ExtentId(nextExtent++));
        store.create(known.id, 1);
        extents.add(known);
    }

    private void append(final Known known) {
        final List<Content> batch = new ArrayList<>();
        final int count = 1 + random.nextInt(MAX_BATCH);
        for (int i = 0; i < count; i++) {
            final byte[] bytes = new byte[1 + random.nextInt(MAX_PAYLOAD)];
            random.nextBytes(bytes);
            final CompletableFuture<Block> future =
                    store.appendAsync(known.id, 1, known.next, List.of(ByteBuffer.wrap(bytes)));
            known.next += RecordFormat.recordBytes(bytes.length);
            batch.add(new Content(bytes, future));
        }
        known.contents.addAll(batch);
        commit.run();
        batch.forEach(content -> assertThat(content.future).isDone());
        if (batch.stream().anyMatch(content -> content.future.isCompletedExceptionally())) {
            throw new StorageException(Failure.IO_ERROR, "the append was not acknowledged");
        }
    }

    private void seal(final Known known) {
        known.sealStarted = true;
        store.seal(known.id, 2, known.next);
        known.sealedLength = known.next;
    }

    private void punch(final Known known) {
        pick(known.contents.stream().filter(content -> !content.punchStarted).toList())
                .ifPresent(content -> {
                    final ByteRange range = ByteRange.of(content.future.join());
                    content.punchStarted = true;
                    store.punch(known.id, range.from(), range.to());
                    content.punched = true;
                });
    }

    private void delete(final Known known) {
        known.deleteStarted = true;
        store.delete(known.id);
        known.deleted = true;
    }

    private <T> Optional<T> pick(final List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    /** Recovers on what the crash left and compares with what was acknowledged. */
    void check(final SimulatedFiles after) {
        try (ExtentStore recovered = ExtentStore.open(after, ROOT, OPTIONS, new StepwiseCommit(), SCRATCH)) {
            recovered.list().forEach(info -> assertThat(info.state()).isNotEqualTo(ExtentInfo.State.DAMAGED));
            recovered.list().forEach(info -> recovered.sealRecovered(info.extent()));
            extents.forEach(known -> check(recovered, known));
        }
    }

    private static void check(final ExtentStore recovered, final Known known) {
        final boolean present =
                recovered.list().stream().anyMatch(info -> info.extent().equals(known.id));
        if (known.deleted) {
            assertThat(present).as("deleted %s", known.id).isFalse();
        }
        if (!present) {
            assertThat(known.deleteStarted).as("lost %s", known.id).isTrue();
            return;
        }
        final ExtentInfo info = recovered.info(known.id);
        assertThat(info.state()).isEqualTo(ExtentInfo.State.SEALED);
        if (known.sealedLength > 0) {
            assertThat(info.length()).isEqualTo(known.sealedLength);
            assertThat(info.epoch()).isEqualTo(2);
        }
        for (final Content content : known.contents) {
            if (content.future.isDone() && !content.future.isCompletedExceptionally()) {
                check(recovered, content);
            }
        }
    }

    private static void check(final ExtentStore recovered, final Content content) {
        final Block block = content.future.join();
        final ByteBuffer read = ByteBuffer.allocate(block.length());
        try {
            recovered.read(block, 0, block.length(), read);
            assertThat(content.punched).as("punched %s came back", block).isFalse();
            assertThat(read.array()).isEqualTo(content.bytes);
        } catch (StorageException e) {
            if (!content.punchStarted || e.failure() != Failure.CORRUPT) {
                fail("lost " + block, e);
            }
        }
    }

    private static final class Known {
        private final ExtentId id;
        private final List<Content> contents = new ArrayList<>();
        private long next = ExtentTarget.FIRST_OFFSET;
        private boolean sealStarted;
        private long sealedLength;
        private boolean deleteStarted;
        private boolean deleted;

        Known(final ExtentId id) {
            this.id = id;
        }

        boolean mayBeOpen() {
            return !sealStarted && !deleteStarted;
        }
    }

    private static final class Content {
        private final byte[] bytes;
        private final CompletableFuture<Block> future;
        private boolean punchStarted;
        private boolean punched;

        Content(final byte[] bytes, final CompletableFuture<Block> future) {
            this.bytes = bytes;
            this.future = future;
        }
    }
}
