package io.tarn.core.crash;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.core.crash.World.Name;
import io.tarn.core.crash.World.Version;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ContentSink;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.WriteContent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What a mount does to files of the volume that keeps no versions. */
final class FileSteps {
    private static final int FILE_BYTES_MAX = 24 << 10;
    private static final String ONLY_VERSION = "null";

    private final Run run;

    FileSteps(final Run run) {
        this.run = run;
    }

    void make() {
        final Name name = run.rootName();
        if (run.world().current(name).isEmpty()) {
            changed(
                    name,
                    Bytes.NONE,
                    Command.newBuilder()
                            .setMakeNode(MakeNode.newBuilder()
                                    .setParent(run.node().root())
                                    .setName(ByteString.copyFromUtf8(name.key()))
                                    .setType(FileType.REGULAR)
                                    .setMode(0644)
                                    .setExclusive(true)));
        }
    }

    /** A range within, over the end or beyond it. */
    void write() {
        run.existing(FileSteps::isPlain).ifPresent(name -> {
            final Bytes before = run.world().current(name).orElseThrow();
            final int offset = run.below(Math.min(before.length(), FILE_BYTES_MAX) + 2000);
            write(name, offset, false);
        });
    }

    void append() {
        run.existing(FileSteps::isPlain)
                .filter(name -> run.world().current(name).orElseThrow().length() < FILE_BYTES_MAX)
                .ifPresent(name ->
                        write(name, run.world().current(name).orElseThrow().length(), true));
    }

    private void write(final Name name, final int offset, final boolean append) {
        final Bytes content = run.oneIn(2) ? run.small() : run.content();
        final Bytes after = run.world().current(name).orElseThrow().with(offset, content);
        final WriteContent.Builder write =
                WriteContent.newBuilder().setInode(inode(name)).setAppend(append);
        if (!append) {
            write.setOffset(offset);
        }
        if (content.length() <= SimulatedNode.INLINE_MAX_BYTES) {
            changed(
                    name,
                    after,
                    command(write.setContent(NewContent.newBuilder()
                            .setLength(content.length())
                            .setInlineData(ByteString.copyFrom(content.toArray())))));
            return;
        }
        try (ContentSink sink = run.node().writer(name.volume()).open()) {
            sink.write(ByteBuffer.wrap(content.toArray()));
            changed(name, after, command(write.setContent(content(sink.finish()))));
            sink.committed();
        }
    }

    private static Command.Builder command(final WriteContent.Builder write) {
        return Command.newBuilder().setWriteContent(write);
    }

    private static NewContent.Builder content(final List<Block> blocks) {
        final NewContent.Builder content = NewContent.newBuilder();
        long at = 0;
        for (final Block block : blocks) {
            content.addSlices(Slice.newBuilder()
                    .setFileOffset(at)
                    .setExtent(block.extent().value())
                    .setBlockOffset(block.offset())
                    .setBlockLength(block.length())
                    .setBlockChecksum(block.checksum())
                    .setLength(block.length()));
            at += block.length();
        }
        return content.setLength(at);
    }

    void truncate() {
        run.existing(FileSteps::isPlain).ifPresent(name -> {
            final Bytes before = run.world().current(name).orElseThrow();
            final int size = run.below(Math.min(before.length(), FILE_BYTES_MAX) + 1000);
            changed(
                    name,
                    before.resized(size),
                    Command.newBuilder()
                            .setSetAttributes(SetAttributes.newBuilder()
                                    .setInode(inode(name))
                                    .setHasSize(true)
                                    .setSize(size)));
        });
    }

    void rename() {
        run.existing(name -> isPlain(name) && !name.key().contains("/")).ifPresent(from -> {
            final Name to = run.rootName();
            final World after = from.equals(to)
                    ? run.world()
                    : run.world().with(to, run.world().versions(from)).with(from, List.of());
            run.expected().begin(after);
            run.node()
                    .session()
                    .call(Command.newBuilder()
                            .setRenameNode(RenameNode.newBuilder()
                                    .setFromParent(run.node().root())
                                    .setFromName(ByteString.copyFromUtf8(from.key()))
                                    .setToParent(run.node().root())
                                    .setToName(ByteString.copyFromUtf8(to.key()))));
            run.expected().acknowledge(after);
        });
    }

    private static boolean isPlain(final Name name) {
        return name.volume() == SimulatedNode.PLAIN;
    }

    private long inode(final Name name) {
        return run.node()
                .objects()
                .stat(name.volume(), Key.of(name.key()), Optional.empty())
                .map(ObjectInfo::inode)
                .orElseThrow();
    }

    private void changed(final Name name, final Bytes content, final Command.Builder command) {
        final World after = run.world().with(name, List.of(new Version(ONLY_VERSION, Optional.of(content))));
        run.expected().begin(after);
        run.node().session().call(command);
        run.expected().acknowledge(after);
    }
}
