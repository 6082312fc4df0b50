package io.tarn.core.namespace;

import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.DelegationRecord;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.Visit;
import java.util.Optional;

/**
 * Turns a session away from what other sessions hold: the rows of a held directory, and files whose one name stands in it. Stateless but for
 * the store it reads. To be asked only where the shard has any delegation; then a point read for each row of a directory, and for an inode
 * one more and a parse.
 */
final class DelegationGuard {
    private final KeyValueReader store;
    private final int shard;
    private final long session;

    /**
     * @param store where the delegations stand
     * @param session who reads
     */
    DelegationGuard(final KeyValueReader store, final int shard, final long session) {
        this.store = store;
        this.shard = shard;
        this.session = session;
    }

    /** Whether rows of the family can be of a directory that is held, or of a file in it. */
    private static boolean isWatched(final Family family) {
        return family.equals(Families.INODE)
                || family.equals(Families.DENTRY)
                || family.equals(Families.VERSION)
                || family.equals(Families.NULL_VERSION)
                || family.equals(Families.XATTR);
    }

    /** @throws Visited when another session holds what the row is of */
    void check(final Family family, final byte[] key) {
        if (!isWatched(family) || key.length < Long.BYTES) {
            return;
        }
        final long id = Keys.longAt(key, 0);
        directory(id);
        if (family.equals(Families.XATTR)) {
            value(Families.INODE, store.get(Families.INODE, Keys.of(id)));
        }
    }

    /** The same for what was read, which may be a file in a directory that is held. */
    void value(final Family family, final Optional<byte[]> value) {
        if (family.equals(Families.INODE) && value.isPresent()) {
            final Inode inode = Records.parse(Inode.parser(), value.get());
            if (inode.getType() != FileType.DIRECTORY && inode.getHome() != 0) {
                directory(inode.getHome());
            }
        }
    }

    private void directory(final long id) {
        final Optional<DelegationRecord> delegation = Delegations.of(store, id);
        if (delegation.isPresent() && delegation.get().getSession() != session) {
            throw visited(shard, id, delegation.get());
        }
    }

    static Visited visited(final int shard, final long directory, final DelegationRecord delegation) {
        return new Visited(Visit.newBuilder()
                .setSession(delegation.getSession())
                .setDirectory(directory)
                .setShard(shard)
                .build());
    }
}
