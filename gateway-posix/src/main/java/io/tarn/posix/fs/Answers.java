package io.tarn.posix.fs;

import io.tarn.client.Node;
import io.tarn.client.NodeType;

/** Inodes as the mount shows them, with what may be remembered of them. Thread-safe. */
final class Answers {
    private static final int SECTOR_BYTES = 512;

    private final MountPoint mount;

    Answers(final MountPoint mount) {
        this.mount = mount;
    }

    Attributes attributes(final Node node) {
        final MountOptions options = mount.options();
        return new Attributes(
                mount.numbers().shown(node.inode()),
                Modes.typeBits(node.type())
                        | (node.mode() & Modes.PERMISSIONS & ~options.umask().orElse(0)),
                node.links(),
                options.uid().orElse(node.uid()),
                options.gid().orElse(node.gid()),
                (int) node.device(),
                node.size(),
                node.type() == NodeType.FILE ? (node.size() + SECTOR_BYTES - 1) / SECTOR_BYTES : 0,
                node.times().accessed(),
                node.times().modified(),
                node.times().changed());
    }

    /** Of an inode that was read after {@code moment}. */
    AttributeAnswer read(final Node node, final long moment) {
        return new AttributeAnswer(attributes(node), mount.memory().keep(node, moment));
    }

    /** Of an inode that was changed here after {@code moment}. */
    AttributeAnswer changed(final Node node, final long moment) {
        return new AttributeAnswer(attributes(node), mount.memory().changed(node, moment));
    }

    /** Of an inode whose owner, mode or size was set here after {@code moment}. */
    AttributeAnswer attributesChanged(final Node node, final long moment) {
        return new AttributeAnswer(attributes(node), mount.memory().attributesChanged(node, moment));
    }

    /** Of a name that was read after {@code moment}. */
    Entry read(final EntryName name, final Node node, final long moment) {
        reached(name, node);
        final long attributeMillis = mount.memory().keep(node, moment);
        return new Entry(attributes(node), mount.memory().keep(name, node.inode(), moment), attributeMillis);
    }

    /** Of a name that was made here after {@code moment}. */
    Entry changed(final EntryName name, final Node node, final long moment) {
        reached(name, node);
        final long attributeMillis = mount.memory().changed(node, moment);
        return new Entry(attributes(node), mount.memory().changed(name, node.inode(), moment), attributeMillis);
    }

    private void reached(final EntryName name, final Node node) {
        if (node.type() == NodeType.FILE) {
            mount.memory().reached(name, node.inode());
        }
    }
}
