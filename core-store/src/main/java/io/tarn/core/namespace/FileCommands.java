package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.CloseNode;
import io.tarn.core.namespace.wire.Concatenate;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.VolumeRecord;
import io.tarn.core.namespace.wire.WriteContent;
import java.util.ArrayList;
import java.util.List;

/** Content and attributes of files by inode: writes in place, appends, holes, truncation, clones of ranges, concatenation, open files. */
final class FileCommands {
    static final long FILE_MAX_BYTES = 16L << 40;
    private static final int PERMISSION_BITS = 07777;

    private final Transaction transaction;
    private final Contents contents;
    private final Ranges ranges;
    private final Accounts accounts;
    private final ObjectCommands objects;
    private final Feed feed;

    FileCommands(
            final Transaction transaction,
            final Contents contents,
            final Accounts accounts,
            final ObjectCommands objects,
            final Feed feed) {
        this.transaction = transaction;
        this.contents = contents;
        this.ranges = new Ranges(transaction, contents);
        this.accounts = accounts;
        this.objects = objects;
        this.feed = feed;
    }

    private Inode require(final long id) {
        return Records.inode(transaction.store, id)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the file is gone"));
    }

    private Inode requireRegular(final long id) {
        final Inode inode = require(id);
        if (inode.getType() == FileType.DIRECTORY) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "not a file");
        }
        if (inode.getType() != FileType.REGULAR) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a regular file");
        }
        return inode;
    }

    private Reply store(final EventType event, final long id, final Inode.Builder changed, final long offset) {
        final Inode inode = changed.setCtimeNanos(transaction.now())
                .setGeneration(transaction.nextGeneration())
                .build();
        transaction.putInode(id, inode);
        feed.inode(event, id, inode);
        return Replies.of(NodeReply.newBuilder()
                .setInode(id)
                .setAttributes(inode)
                .setOffset(offset)
                .build());
    }

    /** The bytes are others now: entity tags and clones that speak of the old ones no longer hold. */
    private void contentChanged(final Inode.Builder inode) {
        inode.setMtimeNanos(transaction.now()).setContentGeneration(transaction.nextGeneration());
        if (inode.hasObject()) {
            inode.getObjectBuilder().clearChecksum().clearParts();
        }
    }

    Reply setAttributes(final SetAttributes command) {
        final Inode before = require(command.getInode());
        final VolumeRecord volume = transaction.volume(before.getVolume());
        final Inode.Builder inode = before.toBuilder();
        if (command.getHasMode()) {
            inode.setMode(command.getMode() & PERMISSION_BITS);
        }
        if (command.getHasOwner()) {
            inode.setUid(command.getUid());
        }
        if (command.getHasGroup()) {
            inode.setGid(command.getGid());
        }
        if (command.getHasSize()) {
            resize(command.getInode(), requireRegular(command.getInode()), inode, volume, command.getSize());
        }
        if (command.getHasAtime()) {
            inode.setAtimeNanos(command.getAtimeNanos());
        }
        if (command.getHasMtime()) {
            inode.setMtimeNanos(command.getMtimeNanos());
        }
        return store(command.getHasSize() ? EventType.TRUNCATED : EventType.ATTRIBUTES, command.getInode(), inode, 0);
    }

    private void resize(
            final long id, final Inode before, final Inode.Builder inode, final VolumeRecord volume, final long size) {
        requireSize(size);
        if (size < before.getSize()) {
            ranges.replace(id, inode, size, before.getSize(), List.of());
        } else if (size > before.getSize()) {
            // inline bytes have the file's length: those of a longer file become a slice before the hole
            ranges.replace(id, inode, before.getSize(), size, List.of());
        }
        accounts.charge(before.getVolume(), volume, size - before.getSize(), 0);
        contentChanged(inode.setSize(size));
    }

    private static void requireSize(final long size) {
        if (size < 0 || size > FILE_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + FILE_MAX_BYTES + " bytes");
        }
    }

    Reply write(final WriteContent command, final long session) {
        final Inode before = requireRegular(command.getInode());
        final VolumeRecord volume = transaction.volume(before.getVolume());
        final long offset = command.getAppend() ? before.getSize() : command.getOffset();
        final long length = command.hasContent() ? command.getContent().getLength() : command.getHoleLength();
        if (offset < 0 || length < 0 || offset > FILE_MAX_BYTES - length) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + FILE_MAX_BYTES + " bytes");
        }
        final List<Slice> slices = command.hasContent() ? slicesOf(command.getContent(), before, session) : List.of();
        final Inode.Builder inode = before.toBuilder();
        ranges.replace(
                command.getInode(),
                inode,
                offset,
                offset + length,
                slices.stream().map(slice -> Contents.shift(slice, offset)).toList());
        final long end = command.getKeepSize() ? before.getSize() : Math.max(before.getSize(), offset + length);
        accounts.charge(before.getVolume(), volume, end - before.getSize(), 0);
        contentChanged(inode.setSize(end));
        return store(EventType.CONTENT, command.getInode(), inode, offset);
    }

    /** New content as slices from offset 0, whatever form it comes in. */
    private List<Slice> slicesOf(final NewContent content, final Inode target, final long session) {
        if (content.getCloneInode() != 0) {
            final Inode source = Records.inode(transaction.store, content.getCloneInode())
                    .filter(found -> found.getContentGeneration() == content.getCloneContentGeneration())
                    .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the source has changed"));
            Contents.requireSameVolume(source, target.getVolume());
            final long from = content.getCloneOffset();
            if (from < 0 || content.getLength() > source.getSize() - from) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "the range is outside of the source");
            }
            return Contents.cut(contents.asSlices(content.getCloneInode(), source), from, content.getLength());
        }
        if (!content.getInlineData().isEmpty()) {
            return List.of(Slice.newBuilder()
                    .setLength(content.getInlineData().size())
                    .setData(content.getInlineData())
                    .build());
        }
        long end = 0;
        for (final Slice slice : content.getSlicesList()) {
            if (slice.getFileOffset() < end || slice.getExtent() == 0) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "slices overlap or name no extent");
            }
            end = slice.getFileOffset() + slice.getLength();
            contents.requireWritable(slice, target.getVolume(), session);
        }
        if (end > content.getLength()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "slices reach beyond the content");
        }
        return content.getSlicesList();
    }

    Reply concatenate(final Concatenate command) {
        final Inode before = requireRegular(command.getTarget());
        final VolumeRecord volume = transaction.volume(before.getVolume());
        final Inode.Builder inode = before.toBuilder();
        final List<Runnable> removals = new ArrayList<>();
        for (final NodeName source : command.getSourcesList()) {
            final byte[] name = source.getName().toByteArray();
            final Dentry entry = Records.file(transaction.store, source.getParent(), name)
                    .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such source"));
            final Inode from = requireRegular(entry.getInode());
            if (entry.getInode() == command.getTarget() || from.getVolume() != before.getVolume()) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "a source is the target or of another volume");
            }
            final long offset = inode.getSize();
            ranges.replace(
                    command.getTarget(),
                    inode,
                    offset,
                    offset + from.getSize(),
                    contents.asSlices(entry.getInode(), from).stream()
                            .map(slice -> Contents.shift(slice, offset))
                            .toList());
            inode.setSize(offset + from.getSize());
            removals.add(() -> objects.unlink(before.getVolume(), volume, source.getParent(), name, entry, ""));
        }
        requireSize(inode.getSize());
        removals.forEach(Runnable::run);
        accounts.charge(before.getVolume(), volume, inode.getSize() - before.getSize(), 0);
        contentChanged(inode);
        return store(EventType.CONTENT, command.getTarget(), inode, before.getSize());
    }

    /** Holds an inode for a session: its bytes stay when its last name goes. */
    Reply open(final OpenNode command, final long session) {
        final Inode inode = require(command.getInode());
        final byte[] key = Keys.of(session, command.getInode());
        final long count =
                transaction.store.get(Families.OPEN, key).map(Keys::lastLong).orElse(0L);
        transaction.store.put(Families.OPEN, key, Keys.of(count + 1));
        if (count == 0) {
            transaction.putInode(
                    command.getInode(),
                    inode.toBuilder().setOpens(inode.getOpens() + 1).build());
        }
        return Replies.of(NodeReply.newBuilder()
                .setInode(command.getInode())
                .setAttributes(inode)
                .build());
    }

    Reply close(final CloseNode command, final long session) {
        final byte[] key = Keys.of(session, command.getInode());
        final long count = transaction
                .store
                .get(Families.OPEN, key)
                .map(Keys::lastLong)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "not open"));
        if (count > 1) {
            transaction.store.put(Families.OPEN, key, Keys.of(count - 1));
        } else {
            transaction.store.delete(Families.OPEN, key);
            objects.letGo(command.getInode());
        }
        return Replies.DONE;
    }
}
