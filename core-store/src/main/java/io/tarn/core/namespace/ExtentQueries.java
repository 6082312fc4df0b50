package io.tarn.core.namespace;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.BlockReference;
import io.tarn.core.namespace.wire.DirtyExtent;
import io.tarn.core.namespace.wire.DoomedContent;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the keepers of extents read from a shard. Thread-safe. */
public final class ExtentQueries {
    private final KeyValueReader store;

    public ExtentQueries(final KeyValueReader store) {
        this.store = store;
    }

    /**
     * An extent with space to give back.
     *
     * @param freedIndex log index of the last time something in it was freed
     * @param freedBytes payload bytes freed since it was last clean
     */
    public record Dirty(ExtentId extent, long freedIndex, long freedBytes) {}

    public Optional<ExtentRecord> extent(final ExtentId extent) {
        return Records.extent(store, extent.value());
    }

    /** Released extents with something to give back, at most {@code limit}, those after {@code after}. */
    public List<Dirty> dirty(final ExtentId after, final int limit) {
        final List<Dirty> dirty = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.DIRTY, Keys.of(after.value() + 1), new byte[0])) {
            for (; cursor.valid() && dirty.size() < limit; cursor.next()) {
                final ExtentId extent = new ExtentId(Keys.lastLong(cursor.key()));
                final ExtentState state =
                        extent(extent).map(ExtentRecord::getState).orElse(ExtentState.EXTENT_STATE_UNKNOWN);
                if (state == ExtentState.RELEASED || state == ExtentState.DROPPED) {
                    final DirtyExtent mark = Records.parse(DirtyExtent.parser(), cursor.value());
                    dirty.add(new Dirty(extent, mark.getIndex(), mark.getFreedBytes()));
                }
            }
        }
        return dirty;
    }

    /** Whether content that was doomed at this index of the log or before waits to be given up. */
    public boolean anyDoomed(final long upToIndex) {
        try (Cursor cursor = store.scan(Families.DOOMED, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                if (Records.parse(DoomedContent.parser(), cursor.value()).getIndex() <= upToIndex) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Open extents whose writer's session is over. */
    public List<ExtentId> orphaned() {
        final List<ExtentId> orphaned = new ArrayList<>();
        extents(extent -> {
            if (extent.record().getState() == ExtentState.OPEN
                    && extent.record().getSession() == 0) {
                orphaned.add(extent.id());
            }
        });
        return orphaned;
    }

    /** An extent and its record. */
    public record Known(ExtentId id, ExtentRecord record) {}

    /** Every extent the shard knows, in order. */
    public void extents(final Consumer<Known> visitor) {
        try (Cursor cursor = store.scan(Families.EXTENT, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                visitor.accept(new Known(
                        new ExtentId(Keys.lastLong(cursor.key())),
                        Records.parse(ExtentRecord.parser(), cursor.value())));
            }
        }
    }

    /** The live blocks of an extent in order of offset, each once. */
    public void liveBlocks(final ExtentId extent, final Consumer<Block> visitor) {
        final byte[] prefix = Keys.of(extent.value());
        long last = -1;
        try (Cursor cursor = store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                final long offset = Keys.longAt(cursor.key(), Long.BYTES);
                if (offset != last) {
                    last = offset;
                    final BlockReference reference = Records.parse(BlockReference.parser(), cursor.value());
                    visitor.accept(new Block(extent, offset, reference.getBlockLength(), reference.getBlockChecksum()));
                }
            }
        }
    }
}
