package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Arrays;
import java.util.Optional;

/** Directories: every one hangs in its parent by one entry, counts what is in it, and is there for a reason. */
final class TreeAudit {
    private final KeyValueReader store;
    private final Findings findings;

    TreeAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(store, Families.VOLUME, this::volume);
        FamilyRows.forEach(store, Families.INODE, (key, value) -> {
            final Inode inode = Records.parse(Inode.parser(), value);
            if (inode.getType() == FileType.DIRECTORY) {
                directory(Keys.lastLong(key), inode);
            }
        });
        FamilyRows.forEachPrefix(
                store,
                Families.DENTRY,
                parent -> findings.expect(
                        isDirectory(parent), "entries stand in inode %x, which is not a directory", parent));
    }

    private boolean isDirectory(final long id) {
        return Records.inode(store, id)
                .filter(inode -> inode.getType() == FileType.DIRECTORY)
                .isPresent();
    }

    private void volume(final byte[] key, final byte[] value) {
        final VolumeRecord volume = Records.parse(VolumeRecord.parser(), value);
        final long id = Keys.lastLong(key);
        final Optional<Inode> root = Records.inode(store, volume.getRoot());
        if (root.isEmpty()) {
            findings.add("volume %d has no root directory: inode %x is missing", id, volume.getRoot());
            return;
        }
        findings.expect(
                root.get().getType() == FileType.DIRECTORY && root.get().getVolume() == id,
                "root %x of volume %d is not a directory of it",
                volume.getRoot(),
                id);
    }

    private void directory(final long id, final Inode inode) {
        final boolean root = inode.getParent() == id;
        if (root) {
            findings.expect(
                    Records.volume(store, inode.getVolume())
                            .filter(volume -> volume.getRoot() == id)
                            .isPresent(),
                    "directory %x is its own parent and no volume's root",
                    id);
        } else {
            hangsInParent(id, inode);
        }
        final Counts counts = new Counts(id, inode);
        FamilyRows.forEach(store, Families.DENTRY, Keys.of(id), counts::entry);
        findings.expect(
                inode.getChildren() == counts.children && inode.getSubdirectories() == counts.subdirectories,
                "directory %x counts %d children and %d subdirectories; it shows %d and %d",
                id,
                inode.getChildren(),
                inode.getSubdirectories(),
                counts.children,
                counts.subdirectories);
        findings.expect(
                inode.getNlink() == 2 + counts.subdirectories,
                "directory %x has %d links and %d subdirectories",
                id,
                inode.getNlink(),
                counts.subdirectories);
        final boolean showsNothing = counts.children == 0 && !inode.getExplicit();
        findings.expect(
                inode.getHidden() == showsNothing,
                "directory %x is %s though it %s",
                id,
                inode.getHidden() ? "hidden" : "shown",
                showsNothing ? "is implied and shows nothing" : "is explicit or shows something");
        findings.expect(
                !showsNothing || counts.entries > 0 || FamilyRows.any(store, Families.VERSION, Keys.of(id)),
                "implied directory %x is empty and still there",
                id);
    }

    private void hangsInParent(final long id, final Inode inode) {
        final Optional<Dentry> entry =
                Records.directory(store, inode.getParent(), inode.getName().toByteArray());
        if (entry.isEmpty() || entry.get().getInode() != id) {
            findings.add(
                    "directory %x has no entry \"%s/\" in its parent %x",
                    id, inode.getName().toStringUtf8(), inode.getParent());
            return;
        }
        findings.expect(
                entry.get().getExplicit() == inode.getExplicit() && entry.get().getHidden() == inode.getHidden(),
                "directory %x and its entry disagree whether it is explicit or hidden",
                id);
        findings.expect(
                Records.inode(store, inode.getParent())
                        .filter(parent -> parent.getVolume() == inode.getVolume())
                        .isPresent(),
                "directory %x is of another volume than its parent %x",
                id,
                inode.getParent());
    }

    /** What a directory's entries add up to. */
    private final class Counts {
        private final long directory;
        private final Inode record;
        private long entries;
        private long children;
        private int subdirectories;

        Counts(final long directory, final Inode record) {
            this.directory = directory;
            this.record = record;
        }

        void entry(final byte[] key, final byte[] value) {
            final Dentry entry = Records.parse(Dentry.parser(), value);
            final boolean named = key.length > Long.BYTES && key[key.length - 1] == Keys.DIRECTORY_SUFFIX;
            final boolean isDirectory = entry.getType() == FileType.DIRECTORY;
            entries++;
            if (!entry.getHidden()) {
                children++;
                subdirectories += isDirectory ? 1 : 0;
            }
            findings.expect(
                    named == isDirectory,
                    "entry %s of directory %x has the name of another type",
                    FamilyRows.text(key),
                    directory);
            final Optional<Inode> inode = Records.inode(store, entry.getInode());
            if (inode.isEmpty()) {
                findings.add(
                        "entry %s of directory %x points to inode %x, which is missing",
                        FamilyRows.text(key), directory, entry.getInode());
                return;
            }
            findings.expect(
                    inode.get().getType() == entry.getType() && inode.get().getVolume() == record.getVolume(),
                    "entry %s of directory %x and inode %x differ in type or volume",
                    FamilyRows.text(key),
                    directory,
                    entry.getInode());
            findings.expect(
                    isDirectory || inode.get().getHome() == 0 || isHome(inode.get(), key),
                    "entry %s of directory %x is not the one name that inode %x knows of itself",
                    FamilyRows.text(key),
                    directory,
                    entry.getInode());
            findings.expect(
                    !isDirectory || inode.get().getParent() == directory,
                    "directory %x hangs in %x too, which is not its parent",
                    entry.getInode(),
                    directory);
        }

        private boolean isHome(final Inode file, final byte[] key) {
            return Arrays.equals(Keys.name(file.getHome(), file.getHomeName().toByteArray()), key);
        }
    }
}
