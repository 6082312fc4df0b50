package io.tarn.core.namespace;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.VolumeStatistics;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import io.tarn.core.namespace.NodeQueries.Snapshot;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.OpenRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What clients ask by inode and shown name; see {@link ObjectReads} for which moment an answer is of. */
public interface NodeReads {
    Node root(long volume);

    Optional<Node> node(long inode);

    Optional<Node> lookup(long directory, Key name);

    /** The directory, then what each name leads to, up to the first that leads nowhere. */
    List<Node> resolve(long directory, List<Key> names);

    List<Key> path(long directory);

    /** Entries after a position, which is a stored name with its directory's slash. */
    DirectoryPage page(long directory, Key after, int limit);

    FileRange range(long inode, long from, long to);

    /** A regular file with all it takes to read its bytes on when it is gone, for whoever has a pin. */
    Snapshot snapshot(long inode);

    Optional<byte[]> xattr(long inode, Key name);

    Map<Key, byte[]> xattrs(long inode);

    VolumeStatistics statistics(long volume);

    /** A held lock that is in the way of another. */
    Optional<LockRecord> obstacle(long inode, LockRecord wanted);

    /** Whether a session's request for a lock still stands in line. */
    boolean isWaiting(long inode, long session, long ticket);

    /** How often a session has the inode open. */
    OpenRecord held(long inode, long session);

    Optional<LeaseState> lease(long inode);

    /** Leases of the shard asked, by inode. */
    List<LeaseState> leases(long afterInode, int limit);
}
