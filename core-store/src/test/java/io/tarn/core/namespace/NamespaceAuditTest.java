package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.tarn.client.Versioning;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.VersionEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit says in words what is broken: each test breaks one record of a sound state. */
final class NamespaceAuditTest {
    private final NamespaceFixture namespace = new NamespaceFixture();
    private final MemoryStore store = namespace.store;

    @BeforeEach
    void someKeys() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("a/b", "old");
        namespace.put("a/b", "new");
        namespace.put("gone/c", "old");
        namespace.delete("gone/c");
        assertThat(audit()).isEmpty();
    }

    private List<String> audit() {
        return new NamespaceAudit(store).run().stream().map(Finding::what).toList();
    }

    private long directory(final String name) {
        final long root =
                Records.volume(store, NamespaceFixture.VOLUME).orElseThrow().getRoot();
        return Records.directory(store, root, name.getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .getInode();
    }

    private long file() {
        return namespace.find("a/b", Optional.empty()).orElseThrow().inode();
    }

    private void put(final Family family, final byte[] key, final MessageLite record) {
        store.write(changes -> changes.put(family, key, record.toByteArray()));
    }

    private void delete(final Family family, final byte[] key) {
        store.write(changes -> changes.delete(family, key));
    }

    @Test
    void anEntryWithoutInodeIsFound() {
        delete(Families.INODE, Keys.of(file()));
        assertThat(audit()).anyMatch(what -> what.contains("points to inode") && what.contains("missing"));
    }

    @Test
    void anInodeWithoutNameIsFound() {
        final Inode orphan = Records.inode(store, file()).orElseThrow();
        put(
                Families.INODE,
                Keys.of(1),
                orphan.toBuilder().clearInlineData().setSize(0).build());
        assertThat(audit()).anyMatch(what -> what.contains("has no name"));
    }

    @Test
    void orphansAreFoundWhateverTheWindow() {
        final Findings findings = new Findings();
        new NameCounts(store, findings, 1).run();
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void aWrongCountOfChildrenIsFound() {
        final long id = directory("a");
        put(
                Families.INODE,
                Keys.of(id),
                Records.inode(store, id).orElseThrow().toBuilder()
                        .setChildren(7)
                        .build());
        assertThat(audit()).anyMatch(what -> what.contains("counts 7 children"));
    }

    @Test
    void aDirectoryShownThoughItHasNothingToShowIsFound() {
        final long id = directory("gone");
        put(
                Families.INODE,
                Keys.of(id),
                Records.inode(store, id).orElseThrow().toBuilder()
                        .setHidden(false)
                        .build());
        assertThat(audit()).anyMatch(what -> what.contains("is shown though it is implied and shows nothing"));
    }

    @Test
    void lostInlineBytesAreFound() {
        delete(Families.INLINE, Keys.of(file()));
        assertThat(audit()).anyMatch(what -> what.contains("has no inline bytes"));
    }

    @Test
    void strayRowsAreFound() {
        put(Families.INLINE, Keys.of(99), PartRecord.getDefaultInstance());
        put(Families.SLICE, Keys.of(99, 0), PartRecord.getDefaultInstance());
        put(Families.REFERENCE, Keys.of(98, 0, 99), PartRecord.getDefaultInstance());
        put(Families.PART, Keys.part(97, 1), PartRecord.getDefaultInstance());
        put(Families.REPLY, Keys.of(96, 1), PartRecord.getDefaultInstance());
        put(
                Families.DENTRY,
                Keys.name(95, new byte[] {'x'}),
                Dentry.newBuilder().setType(FileType.REGULAR).build());
        assertThat(audit())
                .anyMatch(what -> what.contains("inline bytes are kept for inode 63"))
                .anyMatch(what -> what.contains("slices are kept apart for inode 63"))
                .anyMatch(what -> what.contains("extent 62 is missing"))
                .anyMatch(what -> what.contains("counts a reference of file 63, which does not use it"))
                .anyMatch(what -> what.contains("upload 0000000000000061, which does not exist"))
                .anyMatch(what -> what.contains("session 60, which is not open"))
                .anyMatch(what -> what.contains("entries stand in inode 5f"));
    }

    @Test
    void anOldFileVersionOnTopOfADeletedNameIsFound() {
        try (Cursor cursor =
                store.scan(Families.VERSION, Keys.of(directory("gone")), Keys.after(Keys.of(directory("gone"))))) {
            final VersionEntry marker = Records.versionEntry(cursor.value());
            assertThat(marker.getInode()).isZero();
            delete(Families.VERSION, cursor.key());
        }
        assertThat(audit()).anyMatch(what -> what.contains("is no delete marker and not current"));
    }

    @Test
    void wrongUsageIsFound() {
        delete(Families.USAGE, Keys.of(NamespaceFixture.VOLUME));
        assertThat(audit()).anyMatch(what -> what.contains("recorded are 0 and 0"));
    }
}
