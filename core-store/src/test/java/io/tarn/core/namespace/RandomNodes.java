package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.core.namespace.ModelPath.Child;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.KeepPromises;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.WriteContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Commands by inode, most of them on what the model knows to be there. */
final class RandomNodes {
    private static final long NO_INODE = 0x7_0000_0000_beefL;
    private static final long TOO_FAR = (16L << 40) + 1;
    private static final List<String> NAMES = List.of(
            "a",
            "b",
            "c",
            "d",
            "a+",
            "f",
            ".",
            "..",
            "",
            "%tarn-",
            "%tarn-.",
            "%tarn-..",
            "%tarn-%00",
            "%tarn+a",
            "%tarn+b",
            "%tarn-plain",
            "%tarn~",
            "a\0",
            "n".repeat(256),
            "x/y",
            "\ud83d\ude00");

    private final Random random;
    private final Model model;
    private final RandomContents contents;
    private long ticket;

    RandomNodes(final Random random, final Model model, final RandomContents contents) {
        this.random = random;
        this.model = model;
        this.contents = contents;
    }

    private boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T any(final List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A directory in which to work, and its volume. */
    private record Where(ModelVolume volume, Key key, long inode) {}

    private Where where() {
        final List<ModelVolume> volumes = List.copyOf(model.volumes.values());
        final ModelVolume volume = any(volumes);
        if (oneIn(3) || volume.directories.isEmpty()) {
            return new Where(volume, Key.EMPTY, volume.root);
        }
        final Key key = any(List.copyOf(volume.directories.keySet()));
        return new Where(volume, key, volume.directories.get(key).id);
    }

    private long parent(final Where where) {
        return switch (random.nextInt(60)) {
            case 0 -> NO_INODE;
            case 1 -> file(where.volume());
            default -> where.inode();
        };
    }

    /** A file's inode, of late also one that is gone or a directory. */
    private long file(final ModelVolume volume) {
        if (volume.inodes.isEmpty() || oneIn(40)) {
            return oneIn(2) ? NO_INODE : volume.root;
        }
        return any(List.copyOf(volume.inodes.keySet()));
    }

    private ByteString name(final Where where) {
        final List<Child> children = oneIn(4) ? List.of() : ModelPath.children(where.volume(), where.key());
        return children.isEmpty()
                ? ByteString.copyFromUtf8(any(NAMES.subList(0, oneIn(3) ? NAMES.size() : 6)))
                : ByteString.copyFrom(any(children).shown());
    }

    private ByteString newName() {
        return ByteString.copyFromUtf8(any(NAMES.subList(0, oneIn(4) ? NAMES.size() : 6)));
    }

    private String owner() {
        return "tenant/user" + random.nextInt(3);
    }

    Command.Builder next(final long session) {
        if (model.volumes.isEmpty()) {
            return Command.newBuilder();
        }
        final Where where = where();
        final Command.Builder command = Command.newBuilder();
        switch (random.nextInt(38)) {
            case 0, 1, 2, 3, 4 -> make(command, where);
            case 5, 6 ->
                command.getLinkNodeBuilder()
                        .setInode(file(where.volume()))
                        .setParent(parent(oneIn(20) ? where() : where))
                        .setName(oneIn(3) ? name(where) : newName());
            case 7, 8 ->
                command.getUnlinkNodeBuilder()
                        .setParent(parent(where))
                        .setName(name(where))
                        .setOwner(owner());
            case 9, 10 ->
                command.getRemoveDirectoryBuilder().setParent(parent(where)).setName(name(where));
            case 11, 12, 13, 14 -> rename(command, where);
            case 15, 16 -> setAttributes(command, where);
            case 17, 18, 19, 20, 21, 22 -> write(command, where, session);
            case 23 -> setXattr(command, where);
            case 24, 25 -> open(command, where);
            case 26 -> close(command, where, session);
            case 27 -> concatenate(command, where);
            case 28, 29, 30 -> lock(command, where);
            case 31 -> unlock(command, where);
            case 34, 35 -> delegate(command, where, session);
            case 36, 37 -> promise(command, where, session);
            default -> lease(command, where);
        }
        return command;
    }

    /** The keeper holds nothing: it empties volumes. */
    private void delegate(final Command.Builder command, final Where where, final long session) {
        if (session == Simulation.KEEPER || oneIn(10)) {
            command.getReserveInodesBuilder().setCount(1 + random.nextInt(5));
        } else {
            command.getAcquireDelegationBuilder().setDirectory(parent(where));
        }
    }

    private void promise(final Command.Builder command, final Where where, final long session) {
        final KeepPromises.Builder promises =
                command.getKeepPromisesBuilder().setSession(oneIn(20) ? session + 1 : session);
        for (int left = random.nextInt(4); left > 0; left--) {
            final Command.Builder promise = promises.addPromisesBuilder();
            if (oneIn(3)) {
                promise.getRemoveDirectoryBuilder().setParent(parent(where)).setName(name(where));
            } else {
                promise.getUnlinkNodeBuilder()
                        .setParent(parent(where))
                        .setName(name(where))
                        .setOwner(owner());
            }
        }
        // Most of what is held is given back soon, or little else would be done.
        model.volumes.values().forEach(volume -> {
            promises.addGiveBack(volume.root);
            volume.directories.values().forEach(directory -> promises.addGiveBack(directory.id));
        });
    }

    private void make(final Command.Builder command, final Where where) {
        final FileType type =
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3, 4 -> FileType.REGULAR;
                    case 5, 6, 7 -> FileType.DIRECTORY;
                    case 8 -> FileType.SYMLINK;
                    default -> oneIn(4) ? FileType.FILE_TYPE_UNKNOWN : FileType.CHARACTER_DEVICE;
                };
        command.getMakeNodeBuilder()
                .setParent(parent(where))
                .setName(oneIn(3) ? name(where) : newName())
                .setType(type)
                .setMode(random.nextInt(0200000))
                .setUid(random.nextInt(3))
                .setGid(random.nextInt(3))
                .setRdev(type == FileType.CHARACTER_DEVICE ? random.nextInt(9) : 0)
                .setSymlinkTarget(ByteString.copyFromUtf8(
                        type == FileType.SYMLINK ? "../target".substring(random.nextInt(9)) : ""))
                .setExclusive(oneIn(2))
                .setOpen(oneIn(4))
                .setOwner(owner());
    }

    private void rename(final Command.Builder command, final Where from) {
        final Where to = oneIn(2) ? from : sameVolume(from);
        final int mode = random.nextInt(5);
        command.getRenameNodeBuilder()
                .setFromParent(parent(from))
                .setFromName(name(from))
                .setToParent(parent(to))
                .setToName(oneIn(2) ? name(to) : newName())
                .setNoReplace(mode == 0)
                .setExchange(mode == 1)
                .setOwner(owner());
    }

    private Where sameVolume(final Where from) {
        for (int attempt = 0; attempt < 5; attempt++) {
            final Where other = where();
            if (other.volume() == from.volume()) {
                return other;
            }
        }
        return oneIn(2) ? where() : from;
    }

    private long epoch(final long inode) {
        final ModelLeases.Lease lease = model.leases.leases.get(inode);
        return lease == null || oneIn(2) ? (oneIn(30) ? 7 : 0) : lease.epoch() - (oneIn(5) ? 1 : 0);
    }

    private void setAttributes(final Command.Builder command, final Where where) {
        final boolean directory = oneIn(6);
        final long inode = directory ? where.inode() : file(where.volume());
        final long size = model.file(inode).map(found -> found.content.size()).orElse(5L);
        command.getSetAttributesBuilder()
                .mergeFrom(attributes())
                .setInode(inode)
                .setHasSize(directory ? oneIn(10) : oneIn(2))
                .setSize(oneIn(50) ? TOO_FAR : random.nextInt((int) size + 10))
                .setLeaseEpoch(epoch(inode));
    }

    private SetAttributes attributes() {
        return SetAttributes.newBuilder()
                .setHasMode(oneIn(3))
                .setMode(random.nextInt(0200000))
                .setHasOwner(oneIn(4))
                .setUid(random.nextInt(9))
                .setHasGroup(oneIn(4))
                .setGid(random.nextInt(9))
                .setHasAtime(oneIn(3))
                .setAtimeNow(oneIn(2))
                .setAtimeNanos(random.nextInt(1000))
                .setHasMtime(oneIn(3))
                .setMtimeNow(oneIn(2))
                .setMtimeNanos(random.nextInt(1000))
                .build();
    }

    private void open(final Command.Builder command, final Where where) {
        if (oneIn(3)) {
            for (int count = random.nextInt(4); count > 0; count--) {
                command.getHoldNodesBuilder().addInodes(oneIn(5) ? where.inode() : file(where.volume()));
            }
            command.getHoldNodesBuilder();
            return;
        }
        command.getOpenNodeBuilder().setInode(file(where.volume())).setWriting(oneIn(2));
    }

    private Closing closing() {
        return Closing.newBuilder()
                .setReading(oneIn(8) ? -1 : random.nextInt(2))
                .setWriting(random.nextInt(3))
                .setKeepReading(oneIn(3))
                .build();
    }

    private void write(final Command.Builder command, final Where where, final long session) {
        final long inode = file(where.volume());
        final int size =
                model.file(inode).map(found -> (int) found.content.size()).orElse(5);
        final WriteContent.Builder write = command.getWriteContentBuilder()
                .setInode(inode)
                .setAppend(oneIn(4))
                .setOffset(oneIn(60) ? TOO_FAR : random.nextInt(size + 4))
                .setLeaseEpoch(epoch(inode));
        if (oneIn(3)) {
            write.setAttributes(attributes().toBuilder().setHasSize(oneIn(20)));
        }
        if (oneIn(2)) {
            write.setClosing(closing());
        }
        // Files do not grow for ever.
        if (oneIn(4) || size > 300) {
            write.setHoleLength(oneIn(60) ? -1 : random.nextInt(30)).setKeepSize(size > 300 || oneIn(2));
            return;
        }
        final NewContent content = contents.next(where.volume().id, session);
        write.setContent(content).setKeepSize(oneIn(60));
        if (oneIn(3)) {
            long left = content.getLength() + (oneIn(20) ? 1 : 0);
            while (left > 0) {
                final long length = 1 + random.nextInt((int) Math.min(left, 12));
                write.addRunsBuilder().setOffset(random.nextInt(size + 20)).setLength(length);
                left -= length;
            }
        }
    }

    private void setXattr(final Command.Builder command, final Where where) {
        command.getSetXattrBuilder()
                .setInode(oneIn(4) ? where.inode() : file(where.volume()))
                .setName(ByteString.copyFromUtf8(any(List.of("user.a", "user.b", "user.c", "x".repeat(256), ""))))
                .setValue(ByteString.copyFromUtf8("v" + random.nextInt(9)))
                .setRemove(oneIn(4))
                .setCreateOnly(oneIn(5))
                .setReplaceOnly(oneIn(5));
    }

    private void close(final Command.Builder command, final Where where, final long session) {
        final List<Long> open = new ArrayList<>();
        model.volumes.values().forEach(volume -> volume.inodes.values().forEach(found -> {
            if (found.opens.containsKey(session)) {
                open.add(found.inode);
            }
        }));
        command.getCloseNodeBuilder()
                .setInode(open.isEmpty() || oneIn(20) ? file(where.volume()) : any(open))
                .setClosing(closing());
    }

    private void concatenate(final Command.Builder command, final Where where) {
        command.getConcatenateBuilder()
                .setTarget(file(where.volume()))
                .setLeaseEpoch(oneIn(20) ? 7 : 0)
                .setOwner(owner());
        for (int count = random.nextInt(4); count > 0; count--) {
            final Where from = oneIn(2) ? where : sameVolume(where);
            command.getConcatenateBuilder()
                    .addSources(NodeName.newBuilder().setParent(parent(from)).setName(name(from)));
        }
    }

    /** Locks meet on few files. */
    private long locked(final ModelVolume volume) {
        return volume.inodes.isEmpty() || oneIn(30) ? file(volume) : volume.inodes.firstKey();
    }

    private void lock(final Command.Builder command, final Where where) {
        final boolean whole = oneIn(4);
        final int start = random.nextInt(ModelLocks.BYTES - 1);
        final long end = oneIn(5) ? Long.MAX_VALUE : start + random.nextInt(ModelLocks.BYTES - start);
        command.getAcquireLockBuilder()
                .setInode(locked(where.volume()))
                .setWait(oneIn(2))
                .setLock(LockRecord.newBuilder()
                        .setOwner(random.nextInt(3))
                        .setWhole(whole)
                        .setExclusive(oneIn(2))
                        .setStart(whole ? 0 : start)
                        .setEnd(whole ? Long.MAX_VALUE : end)
                        .setTicket(++ticket));
    }

    private void unlock(final Command.Builder command, final Where where) {
        final long inode = locked(where.volume());
        if (oneIn(4)) {
            command.getCancelLockBuilder()
                    .setInode(inode)
                    .setOwner(random.nextInt(3))
                    .setTicket(Math.max(1, ticket - random.nextInt(5)));
            return;
        }
        final int start = random.nextInt(ModelLocks.BYTES - 1);
        final boolean whole = oneIn(3);
        command.getReleaseLockBuilder()
                .setInode(inode)
                .setOwner(random.nextInt(3))
                .setWhole(whole)
                .setStart(whole ? 0 : start)
                .setEnd(whole || oneIn(5) ? Long.MAX_VALUE : start + random.nextInt(ModelLocks.BYTES - start))
                .setEverything(oneIn(4));
    }

    private void lease(final Command.Builder command, final Where where) {
        final long inode = locked(where.volume());
        final ByteString holder = ByteString.copyFrom(any(List.of("one", "two", "")), StandardCharsets.UTF_8);
        final ModelLeases.Lease held = model.leases.leases.get(inode);
        switch (random.nextInt(5)) {
            case 0 -> command.getRenewLeasesBuilder().setHolder(holder);
            case 1 ->
                command.getReleaseLeaseBuilder().setInode(inode).setEpoch(held == null || oneIn(5) ? 7 : held.epoch());
            default ->
                command.getAcquireLeaseBuilder()
                        .setInode(inode)
                        .setHolder(holder)
                        .setSoftLimitNanos(random.nextLong(30_000_000_000L))
                        .setForce(oneIn(5));
        }
    }
}
