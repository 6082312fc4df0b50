package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.LeaseHolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Compares what mounts see of the state machine with the model: directories with their pages, inodes, attributes, locks, leases. */
final class NodeComparison {
    private final Model model;
    private final KeyValueReader store;
    private final NodeQueries queries;
    private final Random random;

    NodeComparison(final Model model, final KeyValueReader store, final Random random) {
        this.model = model;
        this.store = store;
        this.queries = new NodeQueries(store);
        this.random = random;
    }

    void run() {
        for (final ModelVolume volume : model.volumes.values()) {
            directory(volume, Key.EMPTY, volume.rootDirectory);
            volume.directories.forEach((key, directory) -> directory(volume, key, directory));
            volume.inodes.values().forEach(this::file);
        }
        final Map<Long, ModelLocks.Table> locks = new TreeMap<>();
        FamilyRows.forEach(store, Families.LOCK, (key, value) -> {
            final long inode = Keys.lastLong(key);
            locks.put(inode, ModelLocks.of(LockCommands.locks(store, inode)));
        });
        assertThat(locks.keySet()).isEqualTo(model.locks.tables.keySet());
        locks.forEach((inode, table) -> ModelLocks.compare(table, model.locks.tables.get(inode)));
        leases();
    }

    private void directory(final ModelVolume volume, final Key key, final ModelVolume.Directory directory) {
        final Inode inode = Records.inode(store, directory.id).orElseThrow();
        assertThat(inode.getExplicit()).as("explicit %s", key).isEqualTo(directory.explicit);
        assertThat(inode.getMode()).as("mode of %s", key).isEqualTo(directory.mode);
        assertThat(inode.getHidden()).as("hidden %s", key).isEqualTo(!volume.isVisible(key));
        xattrs(directory.id, directory.xattrs);
        final List<ModelPath.Child> children = ModelPath.children(volume, key);
        assertThat(inode.getNlink())
                .as("links of %s", key)
                .isEqualTo(2
                        + (int) children.stream()
                                .filter(ModelPath.Child::directory)
                                .count());
        final Map<Key, Long> expected = new LinkedHashMap<>();
        children.stream()
                .sorted((one, other) -> position(one).compareTo(position(other)))
                .forEach(child -> expected.put(
                        Key.of(child.shown()), new ModelTree.Place(volume, key, directory.id).inodeOf(child)));
        assertThat(expected).as("shown names are distinct").hasSize(children.size());
        final Map<Key, Long> listed = new LinkedHashMap<>();
        final int limit = 1 + random.nextInt(5);
        DirectoryPage page = queries.page(directory.id, Key.EMPTY, limit);
        page.entries().forEach(entry -> listed.put(entry.name(), entry.node().inode()));
        while (page.more()) {
            page = queries.page(directory.id, page.entries().getLast().position(), limit);
            page.entries()
                    .forEach(entry -> listed.put(entry.name(), entry.node().inode()));
        }
        assertThat(List.copyOf(listed.entrySet())).as("entries of %s", key).isEqualTo(List.copyOf(expected.entrySet()));
        expected.forEach(
                (name, id) -> assertThat(queries.lookup(directory.id, name).map(Node::inode))
                        .as("lookup %s", name)
                        .contains(id));
        if (volume.isVisible(key)) {
            final List<Key> path = queries.path(directory.id);
            assertThat(queries.resolve(volume.root, path).getLast().inode()).isEqualTo(directory.id);
            assertThat(queries.resolve(volume.root, path)).hasSize(path.size() + 1);
        }
    }

    private static Key position(final ModelPath.Child child) {
        return child.directory() ? ModelPath.join(Key.of(child.name()), new byte[] {'/'}) : Key.of(child.name());
    }

    private void file(final ModelVersion file) {
        final Inode inode = Records.inode(store, file.inode).orElseThrow();
        assertThat(inode.getType()).isEqualTo(file.type);
        assertThat(inode.getMode()).isEqualTo(file.mode);
        assertThat(inode.getUid()).isEqualTo(file.uid);
        assertThat(inode.getGid()).isEqualTo(file.gid);
        assertThat(inode.getRdev()).isEqualTo(file.rdev);
        assertThat(inode.getNlink()).isEqualTo(file.links);
        assertThat(inode.getOpens()).isEqualTo(file.opens.size());
        assertThat((long) inode.getWriters()).isEqualTo(file.writers());
        assertThat(inode.getSize()).isEqualTo(file.content.size());
        assertThat(inode.getMtimeNanos()).isEqualTo(file.modifiedNanos);
        assertThat(inode.getAtimeNanos()).isEqualTo(file.accessedNanos);
        xattrs(file.inode, file.xattrs);
        final int size = (int) file.content.size();
        final int from = random.nextInt(size + 1);
        final int to = from + random.nextInt(size - from + 1);
        final NodeQueries.FileRange range = queries.range(file.inode, from, to);
        final byte[] bytes = range.inline()
                .orElseGet(() -> file.type == FileType.SYMLINK
                        ? inode.getSymlinkTarget().toByteArray()
                        : model.extents.read(
                                StateComparison.resolved(new NamespaceQueries(store), range.slices()),
                                Math.max(range.size(), to)));
        assertThat(Arrays.copyOfRange(bytes, from, to)).isEqualTo(Arrays.copyOfRange(file.content.bytes(), from, to));
    }

    private void xattrs(final long inode, final TreeMap<Key, ByteString> expected) {
        final List<Map.Entry<Key, ByteString>> found = new ArrayList<>();
        queries.xattrs(inode).forEach((name, value) -> found.add(Map.entry(name, ByteString.copyFrom(value))));
        assertThat(found).isEqualTo(List.copyOf(expected.entrySet()));
    }

    private void leases() {
        final Map<Long, ModelLeases.Lease> expected = new TreeMap<>();
        model.leases.leases.forEach((inode, lease) -> {
            if (model.file(inode).isPresent()) {
                expected.put(inode, lease);
            }
        });
        final Map<Long, ModelLeases.Lease> found = new TreeMap<>();
        queries.leases(0, 1_000)
                .forEach(state -> found.put(
                        state.inode(),
                        new ModelLeases.Lease(
                                new ModelLeases.Holder(
                                        state.lease().getSession(),
                                        state.lease().getHolder()),
                                state.lease().getEpoch())));
        assertThat(found).isEqualTo(expected);
        FamilyRows.forEach(store, Families.LEASE_HOLDER, (key, value) -> {
            final ModelLeases.Holder holder =
                    new ModelLeases.Holder(Keys.longAt(key, 0), ByteString.copyFrom(FamilyRows.tail(key)));
            final LeaseHolder record = Records.parse(LeaseHolder.parser(), value);
            assertThat(model.leases.renewed).containsEntry(holder, record.getRenewedNanos());
            assertThat((long) record.getFiles())
                    .isEqualTo(expected.values().stream()
                            .filter(lease -> lease.holder().equals(holder))
                            .count());
        });
    }
}
