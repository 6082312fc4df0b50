package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.NodeTimes;
import io.tarn.client.NodeType;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import java.util.Optional;

/** Translates between inode records and the client API's view of them. */
final class NodeRecords {
    private NodeRecords() {}

    static Node node(final long id, final Inode inode) {
        return new Node(
                id,
                inode.getVolume(),
                type(inode.getType()),
                inode.getMode(),
                inode.getUid(),
                inode.getGid(),
                inode.getNlink(),
                inode.getSize(),
                new NodeTimes(
                        inode.getAtimeNanos(), inode.getMtimeNanos(), inode.getCtimeNanos(), inode.getBtimeNanos()),
                inode.getRdev(),
                inode.getGeneration(),
                inode.getContentGeneration(),
                inode.getType() == FileType.SYMLINK ? Optional.of(key(inode.getSymlinkTarget())) : Optional.empty(),
                inode.getParent());
    }

    static NodeType type(final FileType type) {
        return switch (type) {
            case REGULAR -> NodeType.FILE;
            case DIRECTORY -> NodeType.DIRECTORY;
            case SYMLINK -> NodeType.SYMLINK;
            case CHARACTER_DEVICE -> NodeType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> NodeType.BLOCK_DEVICE;
            case FIFO -> NodeType.FIFO;
            case SOCKET -> NodeType.SOCKET;
            case FILE_TYPE_UNKNOWN, UNRECOGNIZED -> throw new IllegalStateException("an inode of unknown type");
        };
    }

    static FileType type(final NodeType type) {
        return switch (type) {
            case FILE -> FileType.REGULAR;
            case DIRECTORY -> FileType.DIRECTORY;
            case SYMLINK -> FileType.SYMLINK;
            case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
            case FIFO -> FileType.FIFO;
            case SOCKET -> FileType.SOCKET;
        };
    }

    static Key key(final ByteString bytes) {
        return Key.of(bytes.toByteArray());
    }

    static ByteString bytes(final Key key) {
        return ByteString.copyFrom(key.toByteArray());
    }
}
