package io.tarn.core.namespace;

import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VersionEntry;
import java.util.Arrays;
import java.util.Optional;

/** Old versions: in order, at most one of them the null version, and a delete marker on top where there is no current one. */
final class VersionAudit {
    private final KeyValueReader store;
    private final Findings findings;
    private byte[] previousName = {};

    VersionAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEachPrefix(store, Families.VERSION, this::directory);
        FamilyRows.forEach(store, Families.VERSION, this::version);
        FamilyRows.forEach(store, Families.NULL_VERSION, this::nullVersion);
    }

    private void directory(final long parent) {
        final Optional<Inode> directory = Records.inode(store, parent);
        findings.expect(
                directory.filter(found -> found.getType() == FileType.DIRECTORY).isPresent(),
                "versions stand in inode %x, which is not a directory",
                parent);
        directory
                .flatMap(found -> Records.volume(store, found.getVolume()))
                .ifPresent(volume -> findings.expect(
                        volume.getVersioning() != 0,
                        "directory %x holds versions, its volume was never versioned",
                        parent));
    }

    private void version(final byte[] key, final byte[] value) {
        final VersionEntry entry = Records.versionEntry(value);
        final long parent = Keys.longAt(key, 0);
        final byte[] name = Keys.terminatedName(key);
        findings.expect(~Keys.lastLong(key) == entry.getOrder(), "version %s has another order", FamilyRows.text(key));
        if (entry.getNullVersion()) {
            findings.expect(
                    store.get(Families.NULL_VERSION, Keys.name(parent, name))
                            .filter(order -> Keys.lastLong(order) == entry.getOrder())
                            .isPresent(),
                    "null version %s is not remembered as such",
                    FamilyRows.text(key));
        }
        if (entry.getInode() != 0) {
            final Optional<Inode> inode = Records.inode(store, entry.getInode());
            if (inode.isEmpty()) {
                findings.add("version %s points to inode %x, which is missing", FamilyRows.text(key), entry.getInode());
            } else {
                findings.expect(
                        inode.get().getVersionOrder() == entry.getOrder()
                                && inode.get().getNullVersion() == entry.getNullVersion(),
                        "version %s and inode %x disagree which version it is",
                        FamilyRows.text(key),
                        entry.getInode());
            }
        }
        final byte[] group = Arrays.copyOf(key, key.length - Long.BYTES);
        if (!Arrays.equals(group, previousName)) {
            previousName = group;
            newest(key, parent, name, entry);
        }
    }

    private void newest(final byte[] key, final long parent, final byte[] name, final VersionEntry newest) {
        final Optional<Dentry> current = Records.file(store, parent, name);
        if (current.isEmpty()) {
            findings.expect(
                    newest.getInode() == 0,
                    "the newest version %s of a name is no delete marker and not current",
                    FamilyRows.text(key));
            return;
        }
        Records.inode(store, current.get().getInode()).ifPresent(inode -> {
            findings.expect(
                    inode.getVersionOrder() > newest.getOrder(),
                    "version %s is newer than the current one",
                    FamilyRows.text(key));
            findings.expect(
                    !inode.getNullVersion()
                            || store.get(Families.NULL_VERSION, Keys.name(parent, name))
                                    .isEmpty(),
                    "name of version %s has two null versions",
                    FamilyRows.text(key));
        });
    }

    private void nullVersion(final byte[] key, final byte[] value) {
        final byte[] version = Keys.version(Keys.longAt(key, 0), FamilyRows.tail(key), Keys.lastLong(value));
        try (Cursor cursor = store.scan(Families.VERSION, version, Keys.after(version))) {
            findings.expect(
                    cursor.valid() && Records.versionEntry(cursor.value()).getNullVersion(),
                    "null version of %s is remembered and missing",
                    FamilyRows.text(key));
        }
    }
}
