package io.tarn.core.namespace;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.VolumeStatistics;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LeaseHolder;
import io.tarn.core.namespace.wire.LeaseRecord;
import io.tarn.core.namespace.wire.LockRecord;
import io.tarn.core.namespace.wire.OpenRecord;
import io.tarn.core.namespace.wire.QuotaRecord;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.UsageRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What mounts and HDFS read of a shard, by inode and shown name. The reader must stand still while it is used, as that of a shard's read
 * does. A look-up is two or three point reads, a page of a directory one scan and one multi-get.
 */
public final class NodeQueries implements NodeReads {
    private final KeyValueReader store;

    NodeQueries(final KeyValueReader frozen) {
        this.store = frozen;
    }

    @Override
    public Node root(final long volume) {
        return node(Lookup.volume(store, volume).getRoot()).orElseThrow(NodeQueries::gone);
    }

    private static StorageException gone() {
        return new StorageException(Failure.NOT_FOUND, "the inode is gone");
    }

    @Override
    public Optional<Node> node(final long inode) {
        return Records.inode(store, inode).map(found -> NodeRecords.node(inode, found));
    }

    private Inode requireDirectory(final long id) {
        final Inode inode = Records.inode(store, id).orElseThrow(NodeQueries::gone);
        if (inode.getType() != FileType.DIRECTORY) {
            throw new StorageException(Failure.NOT_A_DIRECTORY, "not a directory");
        }
        return inode;
    }

    @Override
    public Optional<Node> lookup(final long directory, final Key name) {
        final Optional<EntryNames.Entry> entry = EntryNames.find(store, directory, name.toByteArray());
        if (entry.isEmpty()) {
            requireDirectory(directory);
        }
        return entry.flatMap(found -> node(found.dentry().getInode()));
    }

    /** The directory, then what each name leads to, up to the first that leads nowhere. */
    @Override
    public List<Node> resolve(final long directory, final List<Key> names) {
        final List<Node> found = new ArrayList<>(names.size() + 1);
        Node here = node(directory).orElseThrow(NodeQueries::gone);
        found.add(here);
        for (final Key name : names) {
            if (!here.isDirectory()) {
                break;
            }
            final Optional<Node> next = EntryNames.find(store, here.inode(), name.toByteArray())
                    .flatMap(entry -> node(entry.dentry().getInode()));
            if (next.isEmpty()) {
                break;
            }
            here = next.get();
            found.add(here);
        }
        return found;
    }

    @Override
    public List<Key> path(final long directory) {
        final List<Key> names = new ArrayList<>();
        long id = directory;
        while (true) {
            final Inode inode = Records.inode(store, id)
                    .filter(found -> found.getType() == FileType.DIRECTORY)
                    .orElseThrow(NodeQueries::gone);
            if (inode.getParent() == id) {
                return names.reversed();
            }
            names.add(Key.of(NameEscape.shown(inode.getName().toByteArray(), false)));
            id = inode.getParent();
        }
    }

    /** Entries after a position, which is a stored name with its directory's slash. */
    @Override
    public DirectoryPage page(final long directory, final Key after, final int limit) {
        final boolean mixed = requireDirectory(directory).getSubdirectories() > 0;
        final List<Row> rows = new ArrayList<>();
        boolean more = false;
        // The entry of empty name is the directory itself as an object.
        final byte[] from = after.isEmpty() ? new byte[1] : successor(after.toByteArray());
        try (NameCursor names = new VisibleNames(store, directory, from)) {
            for (; names.valid(); names.next()) {
                if (rows.size() == limit) {
                    more = true;
                    break;
                }
                rows.add(new Row(names.name(), names.entry().orElseThrow()));
            }
        }
        return new DirectoryPage(entries(directory, rows, mixed), more);
    }

    private static byte[] successor(final byte[] position) {
        return Arrays.copyOf(position, position.length + 1);
    }

    private record Row(byte[] position, Dentry entry) {
        boolean isDirectory() {
            return entry.getType() == FileType.DIRECTORY;
        }

        byte[] name() {
            return Arrays.copyOf(position, position.length - (isDirectory() ? 1 : 0));
        }
    }

    private List<DirectoryPage.Entry> entries(final long directory, final List<Row> rows, final boolean mixed) {
        final List<Optional<byte[]>> inodes = store.multiGet(
                Families.INODE,
                rows.stream().map(row -> Keys.of(row.entry().getInode())).toList());
        final Set<Long> plain = plain(
                directory, rows.stream().map(row -> row.entry().getInode()).toList());
        final List<DirectoryPage.Entry> entries = new ArrayList<>(rows.size());
        for (int at = 0; at < rows.size(); at++) {
            final Row row = rows.get(at);
            final Inode inode = Records.parse(Inode.parser(), inodes.get(at).orElseThrow(NodeQueries::gone));
            final boolean beside = mixed && !row.isDirectory() && EntryNames.isBeside(store, directory, row.name());
            entries.add(new DirectoryPage.Entry(
                    Key.of(NameEscape.shown(row.name(), beside)),
                    Key.of(row.position()),
                    NodeRecords.node(row.entry().getInode(), inode),
                    plain.contains(row.entry().getInode())));
        }
        return entries;
    }

    /**
     * Those of some inodes that have no extended attributes and whose rows are this shard's. Costs a step of one cursor for each that has some
     * and, at the dearest, for each that has none.
     */
    private Set<Long> plain(final long directory, final List<Long> inodes) {
        final int shard = Territory.shardOf(directory);
        final long[] own = inodes.stream()
                .mapToLong(Long::longValue)
                .filter(inode -> Territory.shardOf(inode) == shard)
                .sorted()
                .toArray();
        final Set<Long> plain = new HashSet<>();
        if (own.length == 0) {
            return plain;
        }
        try (Cursor cursor = store.scan(Families.XATTR, Keys.of(own[0]), Keys.after(Keys.of(own[own.length - 1])))) {
            for (final long inode : own) {
                if (cursor.valid() && Keys.longAt(cursor.key(), 0) < inode) {
                    cursor.seek(Keys.of(inode));
                }
                if (!cursor.valid() || Keys.longAt(cursor.key(), 0) != inode) {
                    plain.add(inode);
                }
            }
        }
        return plain;
    }

    /**
     * A range of a file's bytes.
     *
     * @param size of the whole file
     * @param contentGeneration identity of the bytes
     * @param inline all bytes of the file, where they stand in the namespace itself
     * @param slices runs of bytes that touch the range, in order; gaps are holes
     */
    public record FileRange(long size, long contentGeneration, Optional<byte[]> inline, List<Slice> slices) {
        public FileRange {
            slices = List.copyOf(slices);
        }
    }

    @Override
    public FileRange range(final long id, final long from, final long to) {
        final Inode inode = Records.inode(store, id).orElseThrow(NodeQueries::gone);
        final Optional<byte[]> inline =
                inode.getInlineData() ? store.get(Families.INLINE, Keys.of(id)) : Optional.empty();
        return new FileRange(
                inode.getSize(),
                inode.getContentGeneration(),
                inline,
                inline.isPresent() ? List.of() : Ranges.touching(store, id, inode, from, to));
    }

    /** A file with all it takes to read its bytes once the inode is gone, while a pin keeps them. */
    public record Snapshot(Node node, FileRange content) {}

    /** Of a file of many slices, the content is a segment on itself: they are looked up as they are read, and go in steps. */
    @Override
    public Snapshot snapshot(final long id) {
        final Inode inode = Records.inode(store, id).orElseThrow(NodeQueries::gone);
        if (inode.getType() == FileType.DIRECTORY) {
            throw new StorageException(Failure.IS_A_DIRECTORY, "not a file");
        }
        if (inode.getType() != FileType.REGULAR) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "not a regular file");
        }
        final FileRange content = inode.getSpilled() && Contents.goesInSteps(store, id)
                ? new FileRange(
                        inode.getSize(),
                        inode.getContentGeneration(),
                        Optional.empty(),
                        Segments.covering(id, inode.getSize(), 0))
                : range(id, 0, inode.getSize());
        return new Snapshot(NodeRecords.node(id, inode), content);
    }

    @Override
    public Optional<byte[]> xattr(final long inode, final Key name) {
        return store.get(Families.XATTR, Keys.name(inode, name.toByteArray()));
    }

    @Override
    public Map<Key, byte[]> xattrs(final long inode) {
        final Map<Key, byte[]> attributes = new LinkedHashMap<>();
        final byte[] prefix = Keys.of(inode);
        try (Cursor cursor = store.scan(Families.XATTR, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                attributes.put(Key.of(FamilyRows.tail(cursor.key())), cursor.value());
            }
        }
        return attributes;
    }

    @Override
    public VolumeStatistics statistics(final long id) {
        final VolumeRecord volume = Lookup.volume(store, id);
        final UsageRecord own = Accounts.volumeUsage(store, id);
        final UsageRecord all = Accounts.tenantUsage(store, volume.getTenant());
        final Optional<QuotaRecord> tenant =
                Records.get(store, Families.TENANT, Accounts.tenantKey(volume.getTenant()), QuotaRecord.parser());
        final long bytes = tenant.map(QuotaRecord::getBytes)
                .map(limit -> limitOf(limit, own.getBytes(), all.getBytes()))
                .orElse(Quota.UNLIMITED);
        final long inodes = tenant.map(QuotaRecord::getInodes)
                .map(limit -> limitOf(limit, own.getInodes(), all.getInodes()))
                .orElse(Quota.UNLIMITED);
        return new VolumeStatistics(
                new Usage(own.getBytes(), own.getInodes()),
                new Quota(Math.min(volume.getQuotaBytes(), bytes), Math.min(volume.getQuotaInodes(), inodes)));
    }

    /** What a volume may use of its tenant's quota: what it has, and what is free. */
    private static long limitOf(final long limit, final long own, final long all) {
        return limit == Quota.UNLIMITED ? limit : own + Math.max(0, limit - all);
    }

    /** A held lock that is in the way of another. */
    @Override
    public Optional<LockRecord> obstacle(final long inode, final LockRecord wanted) {
        return LockCommands.locks(store, inode).obstacle(wanted);
    }

    @Override
    public boolean isWaiting(final long inode, final long session, final long ticket) {
        return LockCommands.locks(store, inode).isWaiting(session, ticket);
    }

    @Override
    public OpenRecord held(final long inode, final long session) {
        return Records.get(store, Families.OPEN, Keys.of(session, inode), OpenRecord.parser())
                .orElse(OpenRecord.getDefaultInstance());
    }

    /** A lease and when its holder renewed it; 0 for a holder that is gone. */
    public record LeaseState(long inode, LeaseRecord lease, long renewedNanos) {}

    @Override
    public Optional<LeaseState> lease(final long inode) {
        return Records.get(store, Families.LEASE, Keys.of(inode), LeaseRecord.parser())
                .map(found -> state(inode, found));
    }

    private LeaseState state(final long inode, final LeaseRecord lease) {
        final byte[] holder = Keys.name(lease.getSession(), lease.getHolder().toByteArray());
        return new LeaseState(
                inode,
                lease,
                Records.get(store, Families.LEASE_HOLDER, holder, LeaseHolder.parser())
                        .map(LeaseHolder::getRenewedNanos)
                        .orElse(0L));
    }

    @Override
    public List<LeaseState> leases(final long afterInode, final int limit) {
        final List<LeaseState> leases = new ArrayList<>();
        try (Cursor cursor = store.scan(Families.LEASE, Keys.of(afterInode + 1), new byte[0])) {
            for (; cursor.valid() && leases.size() < limit; cursor.next()) {
                leases.add(state(Keys.lastLong(cursor.key()), Records.parse(LeaseRecord.parser(), cursor.value())));
            }
        }
        return leases;
    }
}
