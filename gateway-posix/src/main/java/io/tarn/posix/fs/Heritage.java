package io.tarn.posix.fs;

import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import java.util.Optional;

/**
 * What a directory gives to what is made in it (mkdir(2), acl(5)).
 *
 * @param setGroup whether its group is handed down, and to directories the handing down itself
 * @param gid its group
 * @param acl the default ACL, which stands in for the umask
 */
record Heritage(boolean setGroup, int gid, Optional<PosixAcl> acl) {
    static Heritage of(final Node directory, final XattrFacts facts) {
        return new Heritage(
                (directory.mode() & Modes.SET_GID) != 0,
                directory.gid(),
                facts.inherited().filter(acl -> !acl.isEmpty()));
    }

    /**
     * What is about to be made.
     *
     * @param node the inode
     * @param access its access ACL, where its mode does not say it all
     * @param inherited its default ACL
     */
    record Newborn(NewNode node, Optional<PosixAcl> access, Optional<PosixAcl> inherited) {
        boolean hasAcls() {
            return access.isPresent() || inherited.isPresent();
        }
    }

    Newborn newborn(
            final Caller caller,
            final RootSquash squash,
            final NodeType type,
            final int mode,
            final int device,
            final Key target,
            final String owner) {
        final boolean directory = type == NodeType.DIRECTORY;
        final Optional<PosixAcl> access =
                type == NodeType.SYMLINK ? Optional.empty() : acl.map(a -> a.inheritedWith(mode));
        int bits = mode & Modes.PERMISSIONS;
        if (access.isPresent()) {
            bits = (bits & ~Modes.ALL_RIGHTS) | access.get().mode();
        } else if (type != NodeType.SYMLINK) {
            bits &= ~caller.umask();
        }
        if (setGroup && directory) {
            bits |= Modes.SET_GID;
        } else if (setGroup && !squash.isPrivileged(caller) && !caller.isIn(gid)) {
            // Nobody gets a program that runs with a group which he is not in.
            bits = (bits & Modes.GROUP_EXECUTE) == 0 ? bits : bits & ~Modes.SET_GID;
        }
        final NewNode node =
                new NewNode(type, bits, squash.uid(caller), setGroup ? gid : squash.gid(caller), device, target, owner);
        return new Newborn(node, access.filter(made -> !made.isMinimal()), directory ? acl : Optional.empty());
    }
}
