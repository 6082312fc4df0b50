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

    /** What there is to give back of this extent. */
    public Optional<Dirty> dirty(final ExtentId extent) {
        return Records.get(store, Families.DIRTY, Keys.of(extent.value()), DirtyExtent.parser())
                .map(mark -> new Dirty(extent, mark.getIndex(), mark.getFreedBytes()));
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

    /** Open extents whose writer's session is over, at most {@code limit}. */
    public List<ExtentId> orphaned(final int limit) {
        final List<ExtentId> orphaned = new ArrayList<>();
        final byte[] nobody = Keys.of(0);
        try (Cursor cursor = store.scan(Families.HELD, nobody, Keys.after(nobody))) {
            for (; cursor.valid() && orphaned.size() < limit; cursor.next()) {
                orphaned.add(new ExtentId(Keys.lastLong(cursor.key())));
            }
        }
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

    /** Up to {@code limit} extents behind {@code after}, in order. */
    public List<Known> extents(final ExtentId after, final int limit) {
        final List<Known> page = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.EXTENT, Keys.of(after.value() + 1), new byte[0])) {
            for (; cursor.valid() && page.size() < limit; cursor.next()) {
                page.add(new Known(
                        new ExtentId(Keys.lastLong(cursor.key())),
                        Records.parse(ExtentRecord.parser(), cursor.value())));
            }
        }
        return page;
    }

    /** Up to {@code limit} live blocks of an extent at or behind an offset, in order, each once. */
    public List<Block> liveBlocks(final ExtentId extent, final long fromOffset, final int limit) {
        final List<Block> page = new ArrayList<>();
        final byte[] end = Keys.after(Keys.of(extent.value()));
        try (Cursor cursor = store.scan(Families.REFERENCE, Keys.of(extent.value(), fromOffset), end)) {
            while (cursor.valid() && page.size() < limit) {
                final long offset = Keys.longAt(cursor.key(), Long.BYTES);
                final BlockReference reference = Records.parse(BlockReference.parser(), cursor.value());
                page.add(new Block(extent, offset, reference.getBlockLength(), reference.getBlockChecksum()));
                // whoever else refers to the block stands right behind, and is passed over one by one: they are few
                while (cursor.valid() && Keys.longAt(cursor.key(), Long.BYTES) == offset) {
                    cursor.next();
                }
            }
        }
        return page;
    }

    /** Inodes that refer to a block, at most {@code limit}; none when it is not live any more. */
    public List<Long> users(final Block block, final int limit) {
        final List<Long> users = new ArrayList<>();
        final byte[] prefix = Keys.of(block.extent().value(), block.offset());
        try (Cursor cursor = store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            for (; cursor.valid() && users.size() < limit; cursor.next()) {
                users.add(Keys.lastLong(cursor.key()));
            }
        }
        return users;
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
