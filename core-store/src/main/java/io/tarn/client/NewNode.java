package io.tarn.client;

import java.util.Objects;

/**
 * What is to be made.
 *
 * @param type what it will be
 * @param mode permission, set-id and sticky bits, the umask taken off
 * @param uid owner
 * @param gid group
 * @param device number of a device node, else 0
 * @param target of a symbolic link, else empty
 * @param owner {@code tenant/user} as whole-object protocols show it
 */
public record NewNode(NodeType type, int mode, int uid, int gid, long device, Key target, String owner) {
    public NewNode {
        Objects.requireNonNull(type);
        Objects.requireNonNull(target);
        Objects.requireNonNull(owner);
    }

    public static NewNode file(final int mode, final Principal owner) {
        return new NewNode(NodeType.FILE, mode, owner.uid(), owner.gid(), 0, Key.EMPTY, owner.qualifiedName());
    }

    public static NewNode directory(final int mode, final Principal owner) {
        return new NewNode(NodeType.DIRECTORY, mode, owner.uid(), owner.gid(), 0, Key.EMPTY, owner.qualifiedName());
    }

    public static NewNode symlink(final Key target, final Principal owner) {
        return new NewNode(NodeType.SYMLINK, 0777, owner.uid(), owner.gid(), 0, target, owner.qualifiedName());
    }
}
