package io.tarn.posix.fs;

import io.tarn.client.Node;

/**
 * Makes root of this machine nobody, where the mount says so: it owns what nobody owns, and may do what others may. The kernel lets root do
 * everything, so that the rights of root are checked here; everybody else's were checked by the kernel. Thread-safe.
 */
final class RootSquash {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;
    /** The uid and gid of nobody (kernel/sys.c, overflowuid). */
    static final int NOBODY = 65_534;

    private static final int ROOT = 0;
    private static final int GROUP_SHIFT = 3;
    private static final int OWNER_SHIFT = 6;

    private final boolean on;

    RootSquash(final MountOptions options) {
        this.on = options.squashRoot();
    }

    private boolean applies(final Caller caller) {
        return on && caller.uid() == ROOT;
    }

    int uid(final Caller caller) {
        return applies(caller) ? NOBODY : caller.uid();
    }

    int gid(final Caller caller) {
        return applies(caller) ? NOBODY : caller.gid();
    }

    /** Whether it is the kernel's root, and stays it: who may keep what falls for others. */
    boolean isPrivileged(final Caller caller) {
        return caller.uid() == ROOT && !on;
    }

    /** {@code EACCES} where squashed root lacks one of the rights. */
    void require(final Caller caller, final Node node, final int rights) {
        if (applies(caller) && (rightsOfNobody(node) & rights) != rights) {
            throw Errno.EACCES.exception();
        }
    }

    private static int rightsOfNobody(final Node node) {
        if (node.uid() == NOBODY) {
            return node.mode() >> OWNER_SHIFT;
        }
        return node.gid() == NOBODY ? node.mode() >> GROUP_SHIFT : node.mode();
    }

    /** {@code EPERM} where squashed root is not the owner. */
    void requireOwner(final Caller caller, final Node node) {
        if (applies(caller) && node.uid() != NOBODY) {
            throw Errno.EPERM.exception();
        }
    }

    /** What is needed to take a name away; in a sticky directory, to own it or what it leads to. */
    void requireRemovable(final Caller caller, final Node directory, final Node entry) {
        require(caller, directory, WRITE | EXECUTE);
        if (applies(caller)
                && (directory.mode() & Modes.STICKY) != 0
                && directory.uid() != NOBODY
                && entry.uid() != NOBODY) {
            throw Errno.EPERM.exception();
        }
    }

    boolean isOn() {
        return on;
    }
}
