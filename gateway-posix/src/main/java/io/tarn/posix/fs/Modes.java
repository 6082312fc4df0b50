package io.tarn.posix.fs;

import io.tarn.client.NodeType;

/** Types and permission bits as {@code st_mode} has them (inode(7)). */
final class Modes {
    static final int TYPE_MASK = 0170000;
    static final int SOCKET = 0140000;
    static final int SYMLINK = 0120000;
    static final int FILE = 0100000;
    static final int BLOCK_DEVICE = 0060000;
    static final int DIRECTORY = 0040000;
    static final int CHARACTER_DEVICE = 0020000;
    static final int FIFO = 0010000;

    static final int SET_UID = 04000;
    static final int SET_GID = 02000;
    static final int STICKY = 01000;
    static final int PERMISSIONS = 07777;
    static final int GROUP_EXECUTE = 0010;
    static final int ALL_RIGHTS = 0777;

    private Modes() {}

    static int typeBits(final NodeType type) {
        return switch (type) {
            case FILE -> FILE;
            case DIRECTORY -> DIRECTORY;
            case SYMLINK -> SYMLINK;
            case CHARACTER_DEVICE -> CHARACTER_DEVICE;
            case BLOCK_DEVICE -> BLOCK_DEVICE;
            case FIFO -> FIFO;
            case SOCKET -> SOCKET;
        };
    }

    /** The type in a mode of mknod(2), where none means a file. */
    static NodeType typeOf(final int mode) {
        return switch (mode & TYPE_MASK) {
            case 0, FILE -> NodeType.FILE;
            case CHARACTER_DEVICE -> NodeType.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> NodeType.BLOCK_DEVICE;
            case FIFO -> NodeType.FIFO;
            case SOCKET -> NodeType.SOCKET;
            case DIRECTORY -> throw Errno.EPERM.exception();
            default -> throw Errno.EINVAL.exception();
        };
    }

    /** What is left of a mode when a file is written or given away: set-user-id goes, set-group-id where it means execution. */
    static int withoutPrivileges(final int mode) {
        final int fallen = (mode & GROUP_EXECUTE) == 0 ? SET_UID : SET_UID | SET_GID;
        return mode & ~fallen;
    }
}
