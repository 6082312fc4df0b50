package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.CloseNode;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.HeldReply;
import io.tarn.core.namespace.wire.HoldNodes;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.OpenRecord;
import io.tarn.core.namespace.wire.Reply;

/**
 * Inodes that sessions hold open: they stay when their last name goes. A session counts how often it holds one, for reading and for
 * writing; the inode counts the sessions.
 */
final class OpenCommands {
    /** Inodes that one command may open. */
    static final int HOLD_MAX = 1024;

    private final Transaction transaction;
    private final ObjectCommands objects;

    OpenCommands(final Transaction transaction, final ObjectCommands objects) {
        this.transaction = transaction;
        this.objects = objects;
    }

    private OpenRecord record(final long session, final long inode) {
        return Records.get(transaction.store, Families.OPEN, Keys.of(session, inode), OpenRecord.parser())
                .orElse(OpenRecord.getDefaultInstance());
    }

    private static long count(final OpenRecord record) {
        return record.getReading() + record.getWriting();
    }

    Reply open(final OpenNode command, final long session) {
        final Inode inode = Records.inode(transaction.store, command.getInode())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
        if (inode.getType() == FileType.DIRECTORY) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "directories are not held open");
        }
        final OpenRecord before = record(session, command.getInode());
        final OpenRecord.Builder after = before.toBuilder();
        if (command.getWriting()) {
            after.setWriting(before.getWriting() + 1);
        } else {
            after.setReading(before.getReading() + 1);
        }
        change(session, command.getInode(), before, after.build());
        return Replies.of(NodeReply.newBuilder()
                .setInode(command.getInode())
                .setAttributes(inode)
                .build());
    }

    /** Opens for reading those of many that are there, files all of them. */
    Reply hold(final HoldNodes command, final long session) {
        if (command.getInodesCount() > HOLD_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "at most " + HOLD_MAX + " files are opened at once");
        }
        final HeldReply.Builder reply = HeldReply.newBuilder();
        for (final long id : command.getInodesList()) {
            final boolean there = Records.inode(transaction.store, id)
                    .filter(inode -> inode.getType() != FileType.DIRECTORY)
                    .isPresent();
            if (there) {
                final OpenRecord before = record(session, id);
                change(
                        session,
                        id,
                        before,
                        before.toBuilder().setReading(before.getReading() + 1).build());
            }
            reply.addHeld(there);
        }
        return Replies.of(reply.build());
    }

    Reply close(final CloseNode command, final long session) {
        final long held = count(record(session, command.getInode()));
        if (held == 0) {
            throw new StorageException(Failure.NOT_FOUND, "not open");
        }
        letGo(command.getInode(), command.getClosing(), session);
        return Replies.DONE;
    }

    /** Gives opens back. What is not held is not missed: the session was another when it was opened. */
    void letGo(final long inode, final Closing closing, final long session) {
        final OpenRecord before = record(session, inode);
        if (count(before) == 0) {
            return;
        }
        final boolean keeps = closing.getKeepReading() && before.getWriting() > 0;
        change(
                session,
                inode,
                before,
                OpenRecord.newBuilder()
                        .setReading(less(before.getReading(), closing.getReading()) + (keeps ? 1 : 0))
                        .setWriting(less(before.getWriting(), closing.getWriting()))
                        .build());
    }

    private static long less(final long held, final long given) {
        return Long.compareUnsigned(given, held) >= 0 ? 0 : held - given;
    }

    /** The session is over. */
    void end(final long session, final long inode) {
        change(session, inode, record(session, inode), OpenRecord.getDefaultInstance());
    }

    private void change(final long session, final long id, final OpenRecord before, final OpenRecord after) {
        final byte[] key = Keys.of(session, id);
        if (count(after) == 0) {
            transaction.store.delete(Families.OPEN, key);
        } else {
            transaction.put(Families.OPEN, key, after);
        }
        final int opens = Long.signum(count(after)) - Long.signum(count(before));
        final int writers = Long.signum(after.getWriting()) - Long.signum(before.getWriting());
        if (opens != 0 || writers != 0) {
            objects.held(id, opens, writers);
        }
    }
}
