package io.tarn.core.extent;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Takes the content of one file, in order. Use: {@link #write} as often as needed, {@link #finish}, commit the names, then
 * {@link #committed}; in every other case {@link #abandon}. One of the last two must be called, or the extents written to are
 * never released; closing an undecided sink abandons it.
 *
 * <p>For one thread at a time. Writing blocks while this content has its share of chunks in flight or the pool is lent out.
 */
public final class ContentSink implements AutoCloseable {
    /** How often a chunk is appended, each time to another extent, before its failure is the content's failure. */
    static final int MAX_ATTEMPTS = 3;

    private final PackedWriter writer;
    private final BufferPool pool;
    private final PackedWriterOptions options;
    private final int chunkBytes;
    private final ArrayDeque<Chunk> inFlight = new ArrayDeque<>();
    private final List<Block> durable = new ArrayList<>();
    private final Map<PackedExtent, Integer> undecided = new HashMap<>();
    private Optional<PooledBuffer> filling = Optional.empty();
    private Stage stage = Stage.WRITING;

    ContentSink(
            final PackedWriter writer, final BufferPool pool, final PackedWriterOptions options, final int chunkBytes) {
        this.writer = writer;
        this.pool = pool;
        this.options = options;
        this.chunkBytes = chunkBytes;
    }

    /** Takes all remaining bytes. After a failure only {@link #abandon} is possible. */
    public void write(final ByteBuffer source) {
        require(Stage.WRITING);
        while (source.hasRemaining()) {
            final PooledBuffer chunk = chunk();
            final ByteBuffer room = chunk.buffer();
            final int step = Math.min(source.remaining(), room.remaining());
            room.put(room.position(), source, source.position(), step);
            room.position(room.position() + step);
            source.position(source.position() + step);
            if (!room.hasRemaining()) {
                submit(chunk);
            }
        }
    }

    /**
     * Takes all remaining bytes as one block of their own, however long the chunks of this sink are otherwise; for copies of blocks,
     * which keep their shape.
     */
    public void writeBlock(final ByteBuffer source) {
        require(Stage.WRITING);
        if (filling.isPresent() && filling.get().buffer().position() > 0) {
            submit(filling.get());
        }
        final PooledBuffer whole = borrow(source.remaining());
        whole.buffer().clear().limit(source.remaining());
        whole.buffer().put(source);
        submit(whole);
    }

    /** Waits until everything is durable; blocks in the content's order, none when nothing was written. */
    public List<Block> finish() {
        require(Stage.WRITING);
        if (filling.isPresent() && filling.get().buffer().position() > 0) {
            submit(filling.get());
        }
        while (!inFlight.isEmpty()) {
            awaitOldest();
        }
        releaseFilling();
        stage = Stage.FINISHED;
        writer.settle();
        return List.copyOf(durable);
    }

    /** Names refer to the blocks now. */
    public void committed() {
        require(Stage.FINISHED);
        decide();
    }

    /** No name refers, or will ever refer, to what was written. Waits for what is in flight; harmless when decided. */
    public void abandon() {
        if (stage == Stage.DECIDED) {
            return;
        }
        for (final Chunk chunk : inFlight) {
            if (outcome(chunk).isPresent()) {
                undecided.merge(chunk.appended.extent(), 1, Integer::sum);
            }
            chunk.buffer.close();
        }
        inFlight.clear();
        releaseFilling();
        decide();
    }

    @Override
    public void close() {
        abandon();
    }

    private void decide() {
        undecided.forEach(PackedExtent::decided);
        undecided.clear();
        stage = Stage.DECIDED;
        writer.settle();
    }

    /** A chunk to fill. While it waits for one it holds no failed chunk back that another content could use. */
    private PooledBuffer chunk() {
        if (filling.isEmpty()) {
            final PooledBuffer buffer = borrow(chunkBytes);
            buffer.buffer().clear().limit(Math.min(buffer.buffer().capacity(), options.chunkBytes()));
            filling = Optional.of(buffer);
        }
        return filling.get();
    }

    private PooledBuffer borrow(final int bytes) {
        return pool.tryBorrow(bytes).orElseGet(() -> {
            while (!inFlight.isEmpty()) {
                awaitOldest();
            }
            return pool.borrow(bytes, options.bufferPatience());
        });
    }

    private void submit(final PooledBuffer buffer) {
        buffer.buffer().flip();
        final Chunk chunk = new Chunk(buffer);
        inFlight.add(chunk);
        if (filling.filter(own -> own.equals(buffer)).isPresent()) {
            filling = Optional.empty();
        }
        append(chunk);
        while (inFlight.size() >= options.maxChunksPerSink()) {
            awaitOldest();
        }
    }

    private void append(final Chunk chunk) {
        chunk.attempts++;
        try {
            chunk.appended = writer.lane().append(chunk.buffer.buffer());
        } catch (StorageException e) {
            inFlight.remove(chunk);
            chunk.buffer.close();
            stage = Stage.FAILED;
            throw e;
        }
    }

    private void awaitOldest() {
        final Chunk chunk = inFlight.getFirst();
        Optional<Block> block = outcome(chunk);
        while (block.isEmpty()) {
            final StorageException failure =
                    Lane.failure(chunk.appended.future().exceptionNow());
            writer.settle();
            if (failure.failure() == Failure.OUT_OF_SPACE || chunk.attempts == MAX_ATTEMPTS) {
                inFlight.removeFirst();
                chunk.buffer.close();
                stage = Stage.FAILED;
                throw failure;
            }
            append(chunk);
            block = outcome(chunk);
        }
        inFlight.removeFirst();
        chunk.buffer.close();
        durable.add(block.get());
        undecided.merge(chunk.appended.extent(), 1, Integer::sum);
    }

    /** Waits; empty when the append failed. An interrupt is kept for later: bytes in flight have to be accounted for first. */
    private static Optional<Block> outcome(final Chunk chunk) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return Optional.of(chunk.appended.future().get());
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return Optional.empty();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void releaseFilling() {
        filling.ifPresent(PooledBuffer::close);
        filling = Optional.empty();
    }

    private void require(final Stage expected) {
        if (stage != expected) {
            throw new IllegalStateException("the content is " + stage + ", not " + expected);
        }
    }

    private enum Stage {
        WRITING,
        FINISHED,
        FAILED,
        DECIDED
    }

    private static final class Chunk {
        private final PooledBuffer buffer;
        private Lane.Appended appended;
        private int attempts;

        Chunk(final PooledBuffer buffer) {
            this.buffer = buffer;
        }
    }
}
