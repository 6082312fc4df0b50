package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Concatenate;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Run;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.VolumeRecord;
import io.tarn.core.namespace.wire.WriteContent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Content and attributes of files by inode: writes in place, appends, holes, truncation, clones of ranges, concatenation. */
final class FileCommands {
    static final long FILE_MAX_BYTES = 16L << 40;
    static final int PERMISSION_BITS = 07777;
    /** Runs that one commit may spread its content over. */
    static final int RUNS_MAX = 1024;
    /** Files that one concatenation may take in. */
    static final int SOURCES_MAX = 1024;

    private final Transaction transaction;
    private final Contents contents;
    private final Ranges ranges;
    private final Accounts accounts;
    private final ObjectCommands objects;
    private final OpenCommands opens;
    private final Episodes episodes;
    private final LeaseCommands leases;
    private final Feed feed;

    FileCommands(
            final Transaction transaction,
            final Contents contents,
            final Accounts accounts,
            final ObjectCommands objects,
            final OpenCommands opens,
            final LeaseCommands leases,
            final Feed feed) {
        this.transaction = transaction;
        this.contents = contents;
        this.ranges = new Ranges(transaction, contents);
        this.accounts = accounts;
        this.objects = objects;
        this.opens = opens;
        this.episodes = new Episodes(transaction, contents, objects);
        this.leases = leases;
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

    /** A regular file whose bytes may change: an old version's never do, whoever still has it open. */
    private Inode requireWritable(final long id) {
        final Inode inode = requireRegular(id);
        if (inode.getArchived() > 0) {
            throw new StorageException(Failure.CONFLICT, "the file has become an old version, which does not change");
        }
        return inode;
    }

    private Reply store(final EventType event, final long id, final Inode.Builder changed, final long offset) {
        return store(event, id, changed, offset, SetAttributes.getDefaultInstance());
    }

    private Reply store(
            final EventType event,
            final long id,
            final Inode.Builder changed,
            final long offset,
            final SetAttributes shown) {
        final Inode inode = changed.setCtimeNanos(timeOfChange(changed.getCtimeNanos(), shown))
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

    /** Now, or when its writer said that it was: time neither goes back, nor ahead of the log. */
    private long timeOfChange(final long before, final SetAttributes shown) {
        final long now = transaction.now();
        return shown.getHasCtime() ? Math.min(now, Math.max(before, shown.getCtimeNanos())) : now;
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
        final Inode.Builder inode;
        if (command.getHasSize()) {
            leases.requireCurrent(command.getInode(), command.getLeaseEpoch());
            inode = resize(command.getInode(), requireWritable(command.getInode()), volume, command.getSize());
        } else {
            inode = before.toBuilder();
        }
        setMeta(command, inode);
        return store(
                command.getHasSize() ? EventType.TRUNCATED : EventType.ATTRIBUTES,
                command.getInode(),
                inode,
                0,
                command);
    }

    /** All attributes but the size. */
    private void setMeta(final SetAttributes command, final Inode.Builder inode) {
        if (command.getHasMode()) {
            inode.setMode(command.getMode() & PERMISSION_BITS);
        }
        if (command.getHasOwner()) {
            inode.setUid(command.getUid());
        }
        if (command.getHasGroup()) {
            inode.setGid(command.getGid());
        }
        if (command.getHasAtime()) {
            inode.setAtimeNanos(command.getAtimeNow() ? transaction.now() : command.getAtimeNanos());
        }
        if (command.getHasMtime()) {
            inode.setMtimeNanos(command.getMtimeNow() ? transaction.now() : command.getMtimeNanos());
        }
    }

    /** To the size, or where too much would have to be cut off at once, part of the way. */
    private Inode.Builder resize(final long id, final Inode before, final VolumeRecord volume, final long wanted) {
        requireSize(wanted);
        final Episodes.Begun begun = episodes.begin(id, before, volume);
        final Inode.Builder inode = begun.inode().toBuilder();
        // Inline bytes are as long as the file; slices need not be.
        ranges.unpack(id, inode);
        final long size = wanted < before.getSize() ? ranges.cutFrom(id, inode, wanted, before.getSize()) : wanted;
        ranges.replace(id, inode, Math.min(size, before.getSize()), Math.max(size, before.getSize()), List.of());
        charge(before, volume, size, begun);
        contentChanged(inode.setSize(size));
        return inode;
    }

    private void charge(final Inode before, final VolumeRecord volume, final long size, final Episodes.Begun begun) {
        accounts.charge(before.getVolume(), volume, size - before.getSize() + begun.keptBytes(), begun.keptInodes());
    }

    private static void requireSize(final long size) {
        if (size < 0 || size > FILE_MAX_BYTES) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + FILE_MAX_BYTES + " bytes");
        }
    }

    Reply write(final WriteContent command, final long session) {
        final Inode before = requireWritable(command.getInode());
        final VolumeRecord volume = transaction.volume(before.getVolume());
        leases.requireCurrent(command.getInode(), command.getLeaseEpoch());
        final Episodes.Begun begun = episodes.begin(command.getInode(), before, volume);
        final Inode.Builder inode = begun.inode().toBuilder();
        final long offset = command.getAppend() ? before.getSize() : command.getOffset();
        final long end = command.hasContent()
                ? writeContent(command, before, inode, offset, session)
                : makeHole(command.getInode(), inode, offset, command.getHoleLength());
        final long size = command.getKeepSize() ? before.getSize() : Math.max(before.getSize(), end);
        charge(before, volume, size, begun);
        contentChanged(inode.setSize(size));
        if (command.getAttributes().getHasSize()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "content comes without another size");
        }
        setMeta(command.getAttributes(), inode);
        final Reply reply = store(EventType.CONTENT, command.getInode(), inode, offset, command.getAttributes());
        if (command.hasClosing()) {
            opens.letGo(command.getInode(), command.getClosing(), session);
        }
        return reply;
    }

    private long makeHole(final long id, final Inode.Builder inode, final long offset, final long length) {
        requireRange(offset, length);
        ranges.replace(id, inode, offset, offset + length, List.of());
        return offset + length;
    }

    /** Where the last of the bytes landed. */
    private long writeContent(
            final WriteContent command,
            final Inode before,
            final Inode.Builder inode,
            final long offset,
            final long session) {
        final NewContent content = command.getContent();
        if (command.getKeepSize() || command.getRunsCount() > RUNS_MAX || content.getLength() < 0) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "content keeps no size and has a bounded number of runs");
        }
        final List<Slice> slices = slicesOf(content, before, session);
        final List<Run> runs = command.getRunsCount() > 0
                ? command.getRunsList()
                : List.of(Run.newBuilder()
                        .setOffset(offset)
                        .setLength(content.getLength())
                        .build());
        long at = 0;
        long end = 0;
        for (final Run run : runs) {
            requireRange(run.getOffset(), run.getLength());
            final List<Slice> cut = Contents.cut(slices, at, run.getLength());
            ranges.replace(
                    command.getInode(),
                    inode,
                    run.getOffset(),
                    run.getOffset() + run.getLength(),
                    cut.stream()
                            .map(slice -> Contents.shift(slice, run.getOffset()))
                            .toList());
            at += run.getLength();
            end = Math.max(end, run.getOffset() + run.getLength());
        }
        if (at != content.getLength()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "runs and content are not of one length");
        }
        return end;
    }

    private static void requireRange(final long offset, final long length) {
        if (offset < 0 || length < 0 || offset > FILE_MAX_BYTES - length) {
            throw new StorageException(Failure.TOO_LARGE, "a file has at most " + FILE_MAX_BYTES + " bytes");
        }
    }

    /** New content as slices from offset 0, whatever form it comes in. */
    private List<Slice> slicesOf(final NewContent content, final Inode target, final long session) {
        if (content.getCloneInode() != 0) {
            return cloned(content, target);
        }
        if (content.getInlineData().isEmpty()) {
            contents.requireSound(content, target.getVolume(), session);
            return content.getSlicesList();
        }
        if (content.getInlineData().size() != content.getLength() || content.getLength() > Ranges.SLICE_MAX_BYTES) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "inline data does not have the length of the content");
        }
        return List.of(Slice.newBuilder()
                .setLength(content.getInlineData().size())
                .setData(content.getInlineData())
                .build());
    }

    private List<Slice> cloned(final NewContent content, final Inode target) {
        final long id = content.getCloneInode();
        final Inode source = Records.inode(transaction.store, id)
                .filter(found -> found.getType() == FileType.REGULAR
                        && found.getContentGeneration() == content.getCloneContentGeneration())
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the source has changed"));
        if (source.getVolume() != target.getVolume()) {
            throw new StorageException(Failure.CROSS_VOLUME, "bytes are shared within a volume");
        }
        final long from = content.getCloneOffset();
        if (from < 0 || content.getLength() > source.getSize() - from) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the range is outside of the source");
        }
        final List<Slice> slices = source.getInlineData()
                ? contents.asSlices(id, source)
                : Ranges.touching(transaction.store, id, source, from, from + content.getLength());
        return Contents.cut(slices, from, content.getLength());
    }

    Reply concatenate(final Concatenate command) {
        final Inode before = requireWritable(command.getTarget());
        final VolumeRecord volume = transaction.volume(before.getVolume());
        leases.requireCurrent(command.getTarget(), command.getLeaseEpoch());
        if (command.getSourcesCount() > SOURCES_MAX) {
            throw new StorageException(Failure.TOO_LARGE, "at most " + SOURCES_MAX + " files are joined at once");
        }
        final Episodes.Begun begun = episodes.begin(command.getTarget(), before, volume);
        final Inode.Builder inode = begun.inode().toBuilder();
        final List<Runnable> removals = new ArrayList<>();
        final Set<ByteString> names = new HashSet<>();
        for (final NodeName source : command.getSourcesList()) {
            final EntryNames.Entry entry = EntryNames.find(
                            transaction.store,
                            source.getParent(),
                            source.getName().toByteArray())
                    .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such source"));
            final long id = entry.dentry().getInode();
            final Inode from = requireRegular(id);
            final boolean twice = !names.add(ByteString.copyFrom(Keys.name(source.getParent(), entry.name())));
            if (twice || id == command.getTarget() || from.getVolume() != before.getVolume()) {
                throw new StorageException(
                        Failure.INVALID_ARGUMENT, "a source is the target, given twice or of another volume");
            }
            append(command.getTarget(), inode, id, from);
            removals.add(() -> objects.unlink(
                    before.getVolume(), volume, source.getParent(), entry.name(), entry.dentry(), command.getOwner()));
        }
        removals.forEach(Runnable::run);
        charge(before, volume, inode.getSize(), begun);
        contentChanged(inode);
        return store(EventType.CONTENT, command.getTarget(), inode, before.getSize());
    }

    private void append(final long id, final Inode.Builder inode, final long sourceId, final Inode source) {
        final long offset = inode.getSize();
        requireRange(offset, source.getSize());
        ranges.replace(
                id,
                inode,
                offset,
                offset + source.getSize(),
                contents.asSlices(sourceId, source).stream()
                        .map(slice -> Contents.shift(slice, offset))
                        .toList());
        inode.setSize(offset + source.getSize());
    }
}
