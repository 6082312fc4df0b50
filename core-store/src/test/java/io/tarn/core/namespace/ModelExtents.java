package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Slice;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Extents in the model, and their disk: what was appended and not yet given back. */
final class ModelExtents {
    enum State {
        OPEN,
        SEALED,
        RELEASED,
        DROPPED
    }

    static final class Extent {
        final long id;
        final long volume;
        final long epoch;
        long session;
        long length;
        State state = State.OPEN;
        /** Where the next block is appended. */
        long end;

        Extent(final long id, final long volume, final long epoch, final long session) {
            this.id = id;
            this.volume = volume;
            this.epoch = epoch;
            this.session = session;
        }

        boolean isWritable() {
            return state == State.OPEN || state == State.SEALED;
        }
    }

    record Place(long extent, long offset) {}

    final TreeMap<Long, Extent> extents = new TreeMap<>();
    final Map<Place, ModelContent.Block> blocks = new HashMap<>();
    final TreeMap<Long, TreeMap<Long, byte[]>> disk = new TreeMap<>();

    /** Writes bytes, without naming them. */
    ModelContent.Block append(final Extent extent, final byte[] bytes) {
        final ModelContent.Block block = new ModelContent.Block(bytes, extent.id, extent.end);
        blocks.put(new Place(extent.id, extent.end), block);
        copy(extent, bytes);
        return block;
    }

    /** Writes the copy of a block, and gives its offset. */
    long copy(final Extent extent, final byte[] bytes) {
        final long offset = extent.end;
        disk.computeIfAbsent(extent.id, unused -> new TreeMap<>()).put(offset, bytes);
        extent.end += bytes.length;
        return offset;
    }

    byte[] read(final List<Slice> slices, final long size) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final Slice slice : slices) {
            assertThat(slice.getFileOffset()).isGreaterThanOrEqualTo(out.size());
            out.writeBytes(new byte[(int) (slice.getFileOffset() - out.size())]);
            if (slice.getExtent() == 0) {
                out.writeBytes(slice.getData().toByteArray());
                continue;
            }
            final byte[] block =
                    disk.getOrDefault(slice.getExtent(), new TreeMap<>()).get(slice.getBlockOffset());
            assertThat(block)
                    .as("block %x:%d was given back while in use", slice.getExtent(), slice.getBlockOffset())
                    .isNotNull()
                    .hasSize(slice.getBlockLength());
            out.write(block, slice.getSkip(), slice.getLength());
        }
        out.writeBytes(new byte[(int) (size - out.size())]);
        return out.toByteArray();
    }

    void requireWritable(final long id, final long end, final long volume, final long session) {
        final Extent extent = extents.get(id);
        Refused.unless(extent != null, Failure.CONFLICT);
        Refused.unless(extent.volume == volume, Failure.PERMISSION_DENIED);
        Refused.unless(extent.isWritable() && extent.session == session, Failure.STALE_SESSION);
        Refused.unless(extent.state == State.OPEN || end <= extent.length, Failure.CONFLICT);
    }

    private Extent get(final long id) {
        Refused.unless(extents.containsKey(id), Failure.NOT_FOUND);
        return extents.get(id);
    }

    void allocated(final long volume, final long session, final Reply reply) {
        final long id = reply.getAllocated().getExtent();
        assertThat(extents.isEmpty() ? 0 : extents.lastKey()).isLessThan(id);
        extents.put(id, new Extent(id, volume, reply.getAllocated().getEpoch(), session));
    }

    void seal(final long id, final long epoch, final long length, final boolean recovered, final long session) {
        final Extent extent = get(id);
        if (extent.state != State.OPEN) {
            Refused.unless(recovered || extent.length == length, Failure.CONFLICT);
            return;
        }
        if (recovered) {
            Refused.unless(extent.session == 0, Failure.CONFLICT);
        } else {
            Refused.unless(extent.epoch == epoch && extent.session == session, Failure.STALE_SESSION);
        }
        extent.length = length;
        extent.state = recovered ? State.RELEASED : State.SEALED;
    }

    void release(final long id, final long epoch, final long session) {
        final Extent extent = get(id);
        if (!extent.isWritable()) {
            return;
        }
        Refused.unless(extent.epoch == epoch && extent.session == session, Failure.STALE_SESSION);
        Refused.unless(extent.state == State.SEALED, Failure.CONFLICT);
        extent.state = State.RELEASED;
    }

    void endSession(final long session) {
        for (final Extent extent : extents.values()) {
            if (extent.isWritable() && extent.session == session) {
                if (extent.state == State.OPEN) {
                    extent.session = 0;
                } else {
                    extent.state = State.RELEASED;
                }
            }
        }
    }

    void drop(final long id, final boolean inUse) {
        final Extent extent = get(id);
        if (extent.state != State.DROPPED) {
            Refused.unless(extent.state == State.RELEASED && !inUse, Failure.CONFLICT);
            extent.state = State.DROPPED;
            disk.remove(id);
            blocks.keySet().removeIf(place -> place.extent == id);
        }
    }

    void forget(final long id) {
        if (extents.containsKey(id)) {
            Refused.unless(extents.get(id).state == State.DROPPED, Failure.CONFLICT);
            extents.remove(id);
        }
    }
}
