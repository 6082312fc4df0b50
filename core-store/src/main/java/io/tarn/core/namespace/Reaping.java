package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.DoomedContent;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ReapContents;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives up contents that were doomed, so many slices a command: what it costs to drop the largest file is spread over many log
 * entries. A content is doomed either without an inode (a file of many slices went) or with one (the last segment on a
 * {@linkplain Segments content} went).
 */
final class Reaping {
    /** Slices and contents that one command gives up. */
    static final int STEPS_MAX = 2_000;

    private final Transaction transaction;
    private final Contents contents;

    Reaping(final Transaction transaction, final Contents contents) {
        this.transaction = transaction;
        this.contents = contents;
    }

    Reply reap(final ReapContents command) {
        int steps = 0;
        for (final long id : doomed(command.getUpToIndex())) {
            if (steps < STEPS_MAX) {
                steps += reap(id, STEPS_MAX - steps);
            }
        }
        return Replies.of(IdReply.newBuilder().setId(steps).build());
    }

    private List<Long> doomed(final long upToIndex) {
        final List<Long> doomed = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.DOOMED, new byte[0], new byte[0])) {
            for (; cursor.valid() && doomed.size() < STEPS_MAX; cursor.next()) {
                if (Records.parse(DoomedContent.parser(), cursor.value()).getIndex() <= upToIndex) {
                    doomed.add(Keys.lastLong(cursor.key()));
                }
            }
        }
        return doomed;
    }

    private int reap(final long id, final int limit) {
        final Optional<Inode> inode = Records.inode(transaction.store, id);
        final int released;
        if (inode.isEmpty() || inode.get().getSpilled()) {
            released = contents.releaseSpilled(id, limit);
            if (released == limit) {
                return released;
            }
        } else {
            contents.detach(id, inode.get());
            released = 0;
        }
        transaction.store.delete(Families.INODE, Keys.of(id));
        transaction.store.delete(Families.DOOMED, Keys.of(id));
        return released + 1;
    }
}
