package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.CleanedExtent;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.DirtyExtent;
import io.tarn.core.namespace.wire.MoveBlocks;
import io.tarn.core.namespace.wire.MovedBlock;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.SealExtent;
import io.tarn.core.namespace.wire.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Contents of new files, the writers that append them to extents, and the keepers that seal, move, clean and drop extents. */
final class RandomContents {
    private static final int BLOCK_BYTES_MAX = 24;
    private static final int SLICES_MAX = 14;
    private static final long NO_EXTENT = 0xdeadL;

    private final Random random;
    private final Model model;
    private final KeyValueReader store;

    RandomContents(final Random random, final Model model, final KeyValueReader store) {
        this.random = random;
        this.model = model;
        this.store = store;
    }

    private byte[] bytes() {
        final byte[] bytes = new byte[1 + random.nextInt(BLOCK_BYTES_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    NewContent next(final long volume, final long session) {
        final int dice = random.nextInt(10);
        if (dice < 2) {
            return NewContent.getDefaultInstance();
        } else if (dice < 4) {
            final byte[] data = bytes();
            return NewContent.newBuilder()
                    .setLength(data.length + (random.nextInt(40) == 0 ? 1 : 0))
                    .setInlineData(ByteString.copyFrom(data))
                    .build();
        } else if (dice < 6) {
            return cloned(volume);
        }
        return slices(volume, session);
    }

    private NewContent cloned(final long target) {
        final List<ModelVolume> volumes = List.copyOf(model.volumes.values());
        if (volumes.isEmpty()) {
            return NewContent.getDefaultInstance();
        }
        final List<ModelVersion> files = (random.nextInt(10) > 0 && model.volumes.containsKey(target)
                        ? model.volumes.get(target)
                        : volumes.get(random.nextInt(volumes.size())))
                .inodes.values().stream().toList();
        if (files.isEmpty()) {
            return NewContent.getDefaultInstance();
        }
        final ModelVersion source = files.get(random.nextInt(files.size()));
        final int size = (int) source.content.size();
        final int from = random.nextInt(size + 1);
        return NewContent.newBuilder()
                .setCloneInode(source.inode)
                .setCloneContentGeneration(source.contentGeneration + (random.nextInt(20) == 0 ? 1 : 0))
                .setCloneOffset(from)
                .setLength(random.nextInt(size - from + 1) + (random.nextInt(20) == 0 ? size : 0))
                .build();
    }

    private List<ModelExtents.Extent> writable(final long volume, final long session) {
        final boolean anybodys = random.nextInt(30) == 0;
        return model.extents.extents.values().stream()
                .filter(extent ->
                        anybodys || extent.volume == volume && extent.session == session && extent.isWritable())
                .toList();
    }

    private NewContent slices(final long volume, final long session) {
        final List<ModelExtents.Extent> extents = writable(volume, session);
        final NewContent.Builder content = NewContent.newBuilder();
        final int count = extents.isEmpty() ? 0 : 1 + random.nextInt(random.nextInt(3) == 0 ? SLICES_MAX : 3);
        long at = 0;
        ModelContent.Block block = null;
        for (int i = 0; i < count; i++) {
            final ModelExtents.Extent extent = extents.get(random.nextInt(extents.size()));
            if (block == null || random.nextInt(3) > 0) {
                // To a sealed extent this appends what will not be acknowledged, and must not be named.
                final Optional<ModelContent.Block> written = written(extent);
                block = written.isPresent() && (extent.state != ModelExtents.State.OPEN || random.nextInt(4) == 0)
                        ? written.get()
                        : model.extents.append(extent, bytes());
            }
            final int skip = random.nextInt(block.bytes.length);
            final Slice.Builder slice = Slice.newBuilder()
                    .setFileOffset(at)
                    .setExtent(block.extent)
                    .setBlockOffset(block.offset)
                    .setBlockLength(block.bytes.length)
                    .setSkip(skip)
                    .setLength(1 + random.nextInt(block.bytes.length - skip));
            spoil(slice);
            at += slice.getLength();
            content.addSlices(slice);
        }
        return content.setLength(at + (random.nextInt(60) == 0 ? 1 : 0)).build();
    }

    private void spoil(final Slice.Builder slice) {
        switch (random.nextInt(300)) {
            case 0 -> slice.setExtent(0);
            case 1 -> slice.setExtent(NO_EXTENT);
            case 2 -> slice.setFileOffset(slice.getFileOffset() + 1);
            case 3 -> slice.setLength(0);
            case 4 -> slice.setLength(slice.getBlockLength() + 1);
            default -> {
                // Sound.
            }
        }
    }

    /** A block that was written to the extent already, named or not. */
    private Optional<ModelContent.Block> written(final ModelExtents.Extent extent) {
        final List<Map.Entry<Long, byte[]>> all = List.copyOf(
                model.extents.disk.getOrDefault(extent.id, new TreeMap<>()).entrySet());
        return all.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(model.extents.blocks.get(new ModelExtents.Place(
                        extent.id, all.get(random.nextInt(all.size())).getKey())));
    }

    /** A step in the life of some extent. */
    Command.Builder keeping(final long session, final long volume) {
        final List<ModelExtents.Extent> all = List.copyOf(model.extents.extents.values());
        final Command.Builder command = Command.newBuilder();
        if (all.isEmpty() || random.nextInt(6) == 0) {
            command.getAllocateExtentBuilder().setVolume(volume);
            return command;
        }
        final ModelExtents.Extent extent = all.get(random.nextInt(all.size()));
        final long epoch = extent.epoch + (random.nextInt(10) == 0 ? 1 : 0);
        switch (random.nextInt(8)) {
            case 0 -> command.setSealExtent(seal(extent, epoch));
            case 1 -> command.getReleaseExtentBuilder().setExtent(extent.id).setEpoch(epoch);
            case 2, 3 -> command.setMoveBlocks(moves(extent, session));
            case 4, 5 -> command.setCleanedExtent(clean(extent));
            case 6 -> command.getDropExtentBuilder().setExtent(random.nextInt(20) == 0 ? NO_EXTENT : extent.id);
            default -> command.getForgetExtentBuilder().setExtent(extent.id);
        }
        return command;
    }

    private SealExtent seal(final ModelExtents.Extent extent, final long epoch) {
        return SealExtent.newBuilder()
                .setExtent(extent.id)
                .setEpoch(epoch)
                .setLength(extent.end)
                .setRecovered(extent.session == 0)
                .build();
    }

    private MoveBlocks moves(final ModelExtents.Extent from, final long session) {
        final MoveBlocks.Builder moves = MoveBlocks.newBuilder();
        final List<ModelExtents.Extent> targets = writable(from.volume, session);
        if (from.state != ModelExtents.State.RELEASED || targets.isEmpty() || targets.contains(from)) {
            return moves.build();
        }
        final ModelExtents.Extent to = targets.get(random.nextInt(targets.size()));
        model.extents.disk.getOrDefault(from.id, new TreeMap<>()).forEach((offset, bytes) -> {
            if (random.nextInt(3) > 0) {
                moves.addBlocks(MovedBlock.newBuilder()
                        .setFromExtent(from.id)
                        .setFromOffset(offset)
                        .setToExtent(to.id)
                        .setToOffset(model.extents.copy(to, bytes))
                        .setLength(bytes.length + (random.nextInt(200) == 0 ? 1 : 0)));
            }
        });
        return moves.build();
    }

    /** Gives back what nothing refers to, as the cleaner does: on released extents only. */
    private CleanedExtent clean(final ModelExtents.Extent extent) {
        final long index = Records.get(store, Families.DIRTY, Keys.of(extent.id), DirtyExtent.parser())
                .map(DirtyExtent::getIndex)
                .orElse(0L);
        if (extent.state == ModelExtents.State.RELEASED && model.extents.disk.containsKey(extent.id)) {
            model.extents.disk.get(extent.id).keySet().removeIf(offset -> !referred(extent.id, offset));
        }
        return CleanedExtent.newBuilder().setExtent(extent.id).setIndex(index).build();
    }

    private boolean referred(final long extent, final long offset) {
        final byte[] prefix = Keys.of(extent, offset);
        try (Cursor cursor = store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            return cursor.valid();
        }
    }
}
