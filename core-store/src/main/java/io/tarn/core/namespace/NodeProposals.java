package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Caller;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.RenameMode;
import io.tarn.client.XattrMode;
import io.tarn.core.namespace.wire.AcquireDelegation;
import io.tarn.core.namespace.wire.AcquireLease;
import io.tarn.core.namespace.wire.AcquireLock;
import io.tarn.core.namespace.wire.CancelLock;
import io.tarn.core.namespace.wire.CloseNode;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Concatenate;
import io.tarn.core.namespace.wire.HoldNodes;
import io.tarn.core.namespace.wire.KeepPromises;
import io.tarn.core.namespace.wire.LinkNode;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.NodeReply;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.ReleaseLease;
import io.tarn.core.namespace.wire.ReleaseLock;
import io.tarn.core.namespace.wire.RemoveDirectory;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.RenewLeases;
import io.tarn.core.namespace.wire.ReserveInodes;
import io.tarn.core.namespace.wire.Run;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.SetXattr;
import io.tarn.core.namespace.wire.UnlinkNode;
import io.tarn.core.namespace.wire.WriteContent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Builds the commands on inodes; session and sequence are added by who sends them. */
public final class NodeProposals {
    /** Files that one command opens at most. */
    public static final int HOLD_MAX = OpenCommands.HOLD_MAX;

    private NodeProposals() {}

    /** The same command with what the feed is to tell of where it came from. */
    public static Command.Builder from(final Caller caller, final Command.Builder command) {
        command.setPrincipal(caller.principal());
        caller.via()
                .ifPresent(via -> command.setVia(
                        NodeName.newBuilder().setParent(via.directory()).setName(NodeRecords.bytes(via.name()))));
        return command;
    }

    /** The inode in a reply. */
    public static Node node(final NodeReply reply) {
        return NodeRecords.node(reply.getInode(), reply.getAttributes());
    }

    public static Command.Builder make(
            final long parent, final Key name, final NewNode what, final boolean exclusive, final boolean open) {
        return Command.newBuilder()
                .setMakeNode(MakeNode.newBuilder()
                        .setParent(parent)
                        .setName(NodeRecords.bytes(name))
                        .setType(NodeRecords.type(what.type()))
                        .setMode(what.mode())
                        .setUid(what.uid())
                        .setGid(what.gid())
                        .setRdev(what.device())
                        .setSymlinkTarget(NodeRecords.bytes(what.target()))
                        .setOwner(what.owner())
                        .setExclusive(exclusive)
                        .setOpen(open));
    }

    public static Command.Builder link(final long inode, final long parent, final Key name) {
        return Command.newBuilder()
                .setLinkNode(
                        LinkNode.newBuilder().setInode(inode).setParent(parent).setName(NodeRecords.bytes(name)));
    }

    public static Command.Builder unlink(final long parent, final Key name, final String owner) {
        return Command.newBuilder()
                .setUnlinkNode(UnlinkNode.newBuilder()
                        .setParent(parent)
                        .setName(NodeRecords.bytes(name))
                        .setOwner(owner));
    }

    public static Command.Builder removeDirectory(final long parent, final Key name) {
        return Command.newBuilder()
                .setRemoveDirectory(
                        RemoveDirectory.newBuilder().setParent(parent).setName(NodeRecords.bytes(name)));
    }

    public static Command.Builder rename(
            final long fromParent,
            final Key fromName,
            final long toParent,
            final Key toName,
            final RenameMode mode,
            final String owner) {
        return Command.newBuilder()
                .setRenameNode(RenameNode.newBuilder()
                        .setFromParent(fromParent)
                        .setFromName(NodeRecords.bytes(fromName))
                        .setToParent(toParent)
                        .setToName(NodeRecords.bytes(toName))
                        .setNoReplace(mode == RenameMode.NO_REPLACE)
                        .setExchange(mode == RenameMode.EXCHANGE)
                        .setOwner(owner));
    }

    public static Command.Builder setAttributes(final long inode, final AttributeChange change, final long leaseEpoch) {
        return Command.newBuilder().setSetAttributes(record(inode, change, leaseEpoch));
    }

    private static SetAttributes record(final long inode, final AttributeChange change, final long leaseEpoch) {
        final SetAttributes.Builder set =
                SetAttributes.newBuilder().setInode(inode).setLeaseEpoch(leaseEpoch);
        change.mode().ifPresent(mode -> set.setHasMode(true).setMode(mode));
        change.uid().ifPresent(uid -> set.setHasOwner(true).setUid(uid));
        change.gid().ifPresent(gid -> set.setHasGroup(true).setGid(gid));
        change.size().ifPresent(size -> set.setHasSize(true).setSize(size));
        change.accessed().ifPresent(time -> {
            set.setHasAtime(true);
            switch (time) {
                case final AttributeChange.Now now -> set.setAtimeNow(true);
                case final AttributeChange.At at -> set.setAtimeNanos(at.nanos());
            }
        });
        change.changed().ifPresent(nanos -> set.setHasCtime(true).setCtimeNanos(nanos));
        change.modified().ifPresent(time -> {
            set.setHasMtime(true);
            switch (time) {
                case final AttributeChange.Now now -> set.setMtimeNow(true);
                case final AttributeChange.At at -> set.setMtimeNanos(at.nanos());
            }
        });
        return set.build();
    }

    /** Sets an extended attribute, or removes it without a value. */
    public static Command.Builder setXattr(
            final long inode, final Key name, final Optional<byte[]> value, final XattrMode mode) {
        return Command.newBuilder()
                .setSetXattr(SetXattr.newBuilder()
                        .setInode(inode)
                        .setName(NodeRecords.bytes(name))
                        .setValue(value.map(ByteString::copyFrom).orElse(ByteString.EMPTY))
                        .setRemove(value.isEmpty())
                        .setCreateOnly(mode == XattrMode.CREATE)
                        .setReplaceOnly(mode == XattrMode.REPLACE));
    }

    public static Command.Builder open(final long inode, final boolean writing) {
        return Command.newBuilder()
                .setOpenNode(OpenNode.newBuilder().setInode(inode).setWriting(writing));
    }

    /** Opens files for reading that are still there; at most {@link #HOLD_MAX}, all of one shard. */
    public static Command.Builder hold(final Collection<Long> inodes) {
        return Command.newBuilder().setHoldNodes(HoldNodes.newBuilder().addAllInodes(inodes));
    }

    public static Command.Builder close(final long inode, final Closing closing) {
        return Command.newBuilder()
                .setCloseNode(CloseNode.newBuilder().setInode(inode).setClosing(closing));
    }

    /** The same command with other attributes changed after the content, and opens given back, in the same commit. */
    public static Command.Builder write(
            final Command.Builder write, final AttributeChange attributes, final Optional<Closing> closing) {
        if (!attributes.equals(AttributeChange.NONE)) {
            write.getWriteContentBuilder().setAttributes(record(0, attributes, 0));
        }
        closing.ifPresent(write.getWriteContentBuilder()::setClosing);
        return write;
    }

    /** Puts content at one place. */
    public static Command.Builder write(
            final long inode, final long offset, final NewContent content, final long leaseEpoch) {
        return write(WriteContent.newBuilder().setInode(inode).setOffset(offset).setContent(content), leaseEpoch);
    }

    /** Spreads content over several places. */
    public static Command.Builder write(
            final long inode, final List<Run> runs, final NewContent content, final long leaseEpoch) {
        return write(WriteContent.newBuilder().setInode(inode).addAllRuns(runs).setContent(content), leaseEpoch);
    }

    public static Command.Builder append(final long inode, final NewContent content, final long leaseEpoch) {
        return write(WriteContent.newBuilder().setInode(inode).setAppend(true).setContent(content), leaseEpoch);
    }

    public static Command.Builder hole(
            final long inode, final long offset, final long length, final boolean keepSize, final long leaseEpoch) {
        return write(
                WriteContent.newBuilder()
                        .setInode(inode)
                        .setOffset(offset)
                        .setHoleLength(length)
                        .setKeepSize(keepSize),
                leaseEpoch);
    }

    private static Command.Builder write(final WriteContent.Builder write, final long leaseEpoch) {
        return Command.newBuilder().setWriteContent(write.setLeaseEpoch(leaseEpoch));
    }

    public static Command.Builder concatenate(final long target, final List<Inodes.Entry> sources, final String owner) {
        final Concatenate.Builder concatenate =
                Concatenate.newBuilder().setTarget(target).setOwner(owner);
        sources.forEach(source -> concatenate.addSources(
                NodeName.newBuilder().setParent(source.directory()).setName(NodeRecords.bytes(source.name()))));
        return Command.newBuilder().setConcatenate(concatenate);
    }

    public static Command.Builder acquireLock(final long inode, final LockRecord lock, final boolean wait) {
        return Command.newBuilder()
                .setAcquireLock(
                        AcquireLock.newBuilder().setInode(inode).setLock(lock).setWait(wait));
    }

    public static Command.Builder releaseLock(final ReleaseLock release) {
        return Command.newBuilder().setReleaseLock(release);
    }

    public static Command.Builder cancelLock(final long inode, final long owner, final long ticket) {
        return Command.newBuilder()
                .setCancelLock(
                        CancelLock.newBuilder().setInode(inode).setOwner(owner).setTicket(ticket));
    }

    public static Command.Builder acquireLease(
            final long inode, final Key holder, final long softLimitNanos, final boolean force) {
        return Command.newBuilder()
                .setAcquireLease(AcquireLease.newBuilder()
                        .setInode(inode)
                        .setHolder(NodeRecords.bytes(holder))
                        .setSoftLimitNanos(softLimitNanos)
                        .setForce(force));
    }

    public static Command.Builder renewLeases(final Key holder) {
        return Command.newBuilder().setRenewLeases(RenewLeases.newBuilder().setHolder(NodeRecords.bytes(holder)));
    }

    public static Command.Builder acquireDelegation(final long directory) {
        return Command.newBuilder()
                .setAcquireDelegation(AcquireDelegation.newBuilder().setDirectory(directory));
    }

    /** Sets inodes aside for the session; the first one's id is the answer. */
    public static Command.Builder reserveInodes(final int count) {
        return Command.newBuilder().setReserveInodes(ReserveInodes.newBuilder().setCount(count));
    }

    /** Keeps promises of a session in order, and then gives directories back. */
    public static Command.Builder keepPromises(
            final long session, final List<Command> promises, final Collection<Long> giveBack) {
        return Command.newBuilder()
                .setKeepPromises(KeepPromises.newBuilder()
                        .setSession(session)
                        .addAllPromises(promises)
                        .addAllGiveBack(giveBack));
    }

    public static Command.Builder releaseLease(final long inode, final long epoch) {
        return Command.newBuilder()
                .setReleaseLease(ReleaseLease.newBuilder().setInode(inode).setEpoch(epoch));
    }
}
