package io.tarn.posix.fuse;

import io.tarn.client.Key;
import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.PosixException;

/**
 * Carries out what was read on the file system and lays the answer's body. What concerns names stands here, what concerns open files
 * in {@link FileOperations}, attributes in {@link AttributeOperations}.
 *
 * <p>Thread-safe; blocks as long as the file system does. Allocates what the calls' own values need; bytes of files are not copied.
 */
final class Operations {
    private static final int AT = RequestBuffer.bodyAt();

    private final FileSystem fileSystem;
    private final FileOperations files;
    private final AttributeOperations attributes;
    private final long negativeMillis;

    Operations(final FileSystem fileSystem, final long negativeMillis) {
        this.fileSystem = fileSystem;
        this.negativeMillis = negativeMillis;
        files = new FileOperations(fileSystem);
        attributes = new AttributeOperations(fileSystem);
    }

    /**
     * Does it.
     *
     * @return bytes of the answer's body
     * @throws PosixException the error to answer
     */
    int carryOut(final RequestHeader header, final Operation operation, final RequestBuffer buffer) {
        final long inode = header.inode();
        final var memory = buffer.segment();
        return switch (operation) {
            case final Operation.Lookup op -> lookup(header, op.name(), buffer);
            case final Operation.GetAttributes op -> attributes.get(caller(header), inode, memory);
            case Operation.SetAttributes set -> attributes.set(caller(header), inode, set, memory);
            case Operation.Read read -> files.read(inode, read, buffer);
            case Operation.Write write -> files.write(caller(header), inode, write, buffer);
            case Operation.Open open -> files.open(caller(header), inode, open, memory);
            case Operation.Create create -> files.create(caller(header, create.umask()), inode, create, memory);
            case final Operation.Flush op -> {
                fileSystem.flush(caller(header), inode, op.handle(), op.lockOwner());
                yield 0;
            }
            case final Operation.Release op -> {
                fileSystem.release(inode, op.handle(), op.flockOwner());
                yield 0;
            }
            case final Operation.Sync op -> {
                fileSystem.sync(inode, op.handle(), op.dataOnly());
                yield 0;
            }
            case final Operation.OpenDirectory op ->
                Answers.openedDirectory(memory, AT, fileSystem.openDirectory(caller(header), inode));
            case Operation.ReadDirectory read -> readDirectory(header, read, buffer);
            case final Operation.ReleaseDirectory op -> {
                fileSystem.releaseDirectory(inode, op.handle());
                yield 0;
            }
            case final Operation.SyncDirectory op -> {
                fileSystem.syncDirectory(inode, op.handle());
                yield 0;
            }
            case final Operation.ReadLink op -> readLink(header, buffer);
            case final Operation.MakeSymlink op ->
                Answers.entry(memory, AT, fileSystem.makeSymlink(caller(header), inode, op.name(), op.target()));
            case final Operation.MakeNode op ->
                Answers.entry(
                        memory,
                        AT,
                        fileSystem.makeNode(caller(header, op.umask()), inode, op.name(), op.mode(), op.device()));
            case final Operation.MakeDirectory op ->
                Answers.entry(
                        memory, AT, fileSystem.makeDirectory(caller(header, op.umask()), inode, op.name(), op.mode()));
            case final Operation.Unlink op -> {
                fileSystem.unlink(caller(header), inode, op.name());
                yield 0;
            }
            case final Operation.RemoveDirectory op -> {
                fileSystem.removeDirectory(caller(header), inode, op.name());
                yield 0;
            }
            case final Operation.Rename op -> {
                fileSystem.rename(caller(header), inode, op.name(), op.newParent(), op.newName(), op.flags());
                yield 0;
            }
            case final Operation.Link op ->
                Answers.entry(memory, AT, fileSystem.link(caller(header), op.inode(), inode, op.newName()));
            case final Operation.Statistics op -> Answers.statistics(memory, AT, fileSystem.statistics(inode));
            case Operation.GetXattr get -> attributes.getXattr(caller(header), inode, get, memory);
            case final Operation.ListXattrs op -> attributes.listXattrs(caller(header), inode, op.size(), memory);
            case Operation.SetXattr set -> attributes.setXattr(caller(header), inode, set);
            case final Operation.RemoveXattr op -> {
                fileSystem.removeXattr(caller(header), inode, op.name());
                yield 0;
            }
            case final Operation.TestLock op ->
                Answers.lock(memory, AT, fileSystem.testLock(inode, op.handle(), op.wish()));
            case final Operation.Lock op -> {
                fileSystem.lock(inode, op.handle(), op.wish(), op.waits());
                yield 0;
            }
            case final Operation.Allocate op -> {
                fileSystem.allocate(caller(header), inode, op.handle(), op.mode(), op.offset(), op.length());
                yield 0;
            }
            case final Operation.Seek op ->
                Answers.number(memory, AT, fileSystem.seek(inode, op.handle(), op.offset(), op.whence()));
            case Operation.CopyRange copy -> files.copy(caller(header), inode, copy, memory);
            case final Operation.Destroy op -> 0;
            case final Operation.Unsupported op -> throw op.errno().exception();
            case final Operation.Forget op -> throw internal(op);
            case final Operation.Interrupt op -> throw internal(op);
            case final Operation.Initialize op -> throw internal(op);
        };
    }

    private static IllegalStateException internal(final Operation operation) {
        return new IllegalStateException("carried out by the session itself: " + operation);
    }

    private static Caller caller(final RequestHeader header) {
        return caller(header, 0);
    }

    private static Caller caller(final RequestHeader header, final int umask) {
        return new RequestCaller(header, umask);
    }

    private int lookup(final RequestHeader header, final Key name, final RequestBuffer buffer) {
        try {
            return Answers.entry(buffer.segment(), AT, fileSystem.lookup(caller(header), header.inode(), name));
        } catch (final PosixException failed) {
            if (failed.errno() == Errno.ENOENT && negativeMillis > 0) {
                return Answers.noEntry(buffer.segment(), AT, negativeMillis);
            }
            throw failed;
        }
    }

    private int readLink(final RequestHeader header, final RequestBuffer buffer) {
        final byte[] target =
                fileSystem.readLink(caller(header), header.inode()).toByteArray();
        buffer.body(target.length).put(target);
        return target.length;
    }

    private int readDirectory(
            final RequestHeader header, final Operation.ReadDirectory read, final RequestBuffer buffer) {
        final int capacity = Math.min(read.size(), RequestBuffer.TRANSFER_BYTES);
        final var packer = new DirectoryPacker(buffer.segment(), AT, capacity, read.plus());
        fileSystem.readDirectory(caller(header), header.inode(), read.handle(), read.offset(), packer);
        return packer.used();
    }
}
