package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * Files whose last name stood in another shard: the two-phase commit that took the name only left a note, and here, where the file's
 * bytes are, it is dropped.
 */
final class OrphanCommands {
    /** Files dropped by one command. */
    static final int RECLAIM_MAX = 256;

    private final Transaction transaction;
    private final ObjectCommands objects;

    OrphanCommands(final Transaction transaction, final ObjectCommands objects) {
        this.transaction = transaction;
        this.objects = objects;
    }

    Reply reclaim() {
        final List<Long> orphans = new ArrayList<>();
        try (Cursor cursor = transaction.store.scan(Families.ORPHAN, new byte[0], new byte[0])) {
            for (; cursor.valid() && orphans.size() < RECLAIM_MAX; cursor.next()) {
                orphans.add(Keys.lastLong(cursor.key()));
            }
        }
        for (final long id : orphans) {
            transaction.store.delete(Families.ORPHAN, Keys.of(id));
            final Inode inode = transaction.inode(id);
            // An open one goes when it is closed.
            if (inode.getNlink() == 0 && inode.getOpens() == 0) {
                objects.remove(id, inode);
            }
        }
        return Replies.DONE;
    }
}
