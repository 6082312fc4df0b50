package io.tarn.core.crash;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.BlockSource;
import io.tarn.core.extent.ContentSink;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.Scrubber;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.wire.ExtentState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the node does by itself: seal, sweep, punch, move, scrub, snapshot. None of it changes what clients see. */
final class UpkeepSteps {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final Run run;

    UpkeepSteps(final Run run) {
        this.run = run;
    }

    void keep() {
        run.node().keep();
    }

    /** Lets what is open become idle, so that the next round seals it. */
    void idle() {
        run.node().clock().advance(SimulatedNode.IDLE_AFTER.plusSeconds(1));
        run.node().keep();
    }

    void snapshot() {
        run.node().shard().snapshot();
    }

    /** Copies the live blocks of a released extent to where writers append now, and points their users there. */
    void compact() {
        final List<Known> released = extents().stream()
                .filter(extent -> extent.record().getState() == ExtentState.RELEASED)
                .toList();
        run.any(released).ifPresent(extent -> move(extent.record().getVolume(), blocks(extent.id())));
    }

    private void move(final long volume, final List<Block> blocks) {
        final List<ContentSink> sinks = new ArrayList<>();
        final List<ExtentProposals.Move> moves = new ArrayList<>();
        try {
            for (final Block block : blocks) {
                final ByteBuffer bytes = ByteBuffer.allocate(block.length());
                run.node().store().read(block, 0, block.length(), bytes);
                final ContentSink sink = run.node().writer(volume).open(block.length());
                sinks.add(sink);
                sink.write(bytes.flip());
                moves.add(new ExtentProposals.Move(block, sink.finish().getFirst()));
            }
            run.node().session().call(ExtentProposals.move(moves));
            sinks.forEach(ContentSink::committed);
        } finally {
            sinks.forEach(ContentSink::close);
        }
    }

    /** A whole round of the scrubber, which must find nothing. */
    void scrub() {
        final Scrubber scrubber = new Scrubber(
                run.node().store(),
                new LiveBlocks(),
                (block, cause) -> {
                    throw new AssertionError("the scrubber found " + block, cause);
                },
                NO_LIMIT,
                Scrubber.Position.START,
                run.node().clock()::nanoTime,
                nanos -> {});
        boolean more = true;
        while (more) {
            more = scrubber.step();
        }
    }

    private List<Known> extents() {
        return collect(all -> query(queries -> {
            queries.extents(all::add);
            return true;
        }));
    }

    private List<Block> blocks(final ExtentId extent) {
        return collect(all -> query(queries -> {
            queries.liveBlocks(extent, all::add);
            return true;
        }));
    }

    private static <T> List<T> collect(final Consumer<List<T>> collector) {
        final List<T> all = new ArrayList<>();
        collector.accept(all);
        return all;
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return run.node().shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    private final class LiveBlocks implements BlockSource {
        @Override
        public Optional<ExtentId> nextExtent(final Optional<ExtentId> after) {
            return extents().stream()
                    .map(Known::id)
                    .filter(id -> after.isEmpty() || id.value() > after.get().value())
                    .findFirst();
        }

        @Override
        public List<Block> blocks(final ExtentId extent, final long from, final int limit) {
            return UpkeepSteps.this.blocks(extent).stream()
                    .filter(block -> block.offset() >= from)
                    .limit(limit)
                    .toList();
        }
    }
}
