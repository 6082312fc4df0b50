package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.BlockReference;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.MoveBlocks;
import io.tarn.core.namespace.wire.MovedBlock;
import io.tarn.core.namespace.wire.MovedReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Points slices at copies of their blocks: compaction, tiering and draining are this one step. A compare-and-set per block: one that
 * nobody refers to any more is not moved, and the copy becomes garbage of its extent.
 */
final class BlockMoves {
    private final Transaction transaction;
    private final Contents contents;

    BlockMoves(final Transaction transaction, final Contents contents) {
        this.transaction = transaction;
        this.contents = contents;
    }

    private record Place(long extent, long offset) {}

    Reply move(final MoveBlocks command, final long session) {
        final Map<Place, MovedBlock> moves = new HashMap<>();
        final Map<Long, List<MovedBlock>> byInode = new HashMap<>();
        final MovedReply.Builder reply = MovedReply.newBuilder();
        for (final MovedBlock block : command.getBlocksList()) {
            final List<Long> users = users(block);
            reply.addMoved(!users.isEmpty());
            moves.put(new Place(block.getFromExtent(), block.getFromOffset()), block);
            users.forEach(inode ->
                    byInode.computeIfAbsent(inode, unused -> new ArrayList<>()).add(block));
        }
        // Sorted, so that every replica does the same in the same order.
        byInode.keySet().stream().sorted().forEach(inode -> rewrite(inode, moves, session));
        return Replies.of(reply.build());
    }

    private List<Long> users(final MovedBlock block) {
        final byte[] prefix = Keys.of(block.getFromExtent(), block.getFromOffset());
        final List<Long> users = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                final BlockReference reference = Records.parse(BlockReference.parser(), cursor.value());
                if (reference.getBlockLength() != block.getLength()) {
                    throw new StorageException(Failure.INVALID_ARGUMENT, "the block has another length");
                }
                users.add(Keys.lastLong(cursor.key()));
            }
        }
        return users;
    }

    private void rewrite(final long id, final Map<Place, MovedBlock> moves, final long session) {
        // of a file of many slices that is being given up only the slices are left
        final Inode inode = Records.inode(transaction.store, id)
                .orElseGet(() -> Inode.newBuilder().setSpilled(true).build());
        final List<Slice> before = Contents.slices(transaction.store, id, inode);
        final List<Slice> after = new ArrayList<>(before.size());
        for (final Slice slice : before) {
            final MovedBlock move = moves.get(new Place(slice.getExtent(), slice.getBlockOffset()));
            if (move == null) {
                after.add(slice);
                continue;
            }
            final Slice moved = slice.toBuilder()
                    .setExtent(move.getToExtent())
                    .setBlockOffset(move.getToOffset())
                    .build();
            contents.requireWritable(moved, inode.getVolume(), session);
            after.add(moved);
        }
        contents.replace(id, inode, before, after);
    }
}
