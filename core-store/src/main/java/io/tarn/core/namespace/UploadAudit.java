package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.UploadRecord;

/** Uploads and their parts. That every part has its upload follows from numbers; only when these differ are the strays named. */
final class UploadAudit {
    private final KeyValueReader store;
    private final Findings findings;
    private long partsOfUploads;
    private long parts;

    UploadAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(store, Families.UPLOAD, this::upload);
        FamilyRows.forEach(store, Families.COMPLETED, this::completed);
        FamilyRows.forEach(
                store,
                Families.COMPLETION,
                (key, value) -> findings.expect(
                        store.get(Families.COMPLETED, Keys.of(Keys.lastLong(key)))
                                .isPresent(),
                        "upload %016x is to be forgotten and not kept",
                        Keys.lastLong(key)));
        FamilyRows.forEach(store, Families.PART, (key, value) -> parts++);
        if (parts != partsOfUploads) {
            FamilyRows.forEachPrefix(store, Families.PART, this::hasUpload);
        }
    }

    private void upload(final byte[] key, final byte[] value) {
        final UploadRecord upload = Records.parse(UploadRecord.parser(), value);
        final long id = Keys.lastLong(key);
        final long volume = Keys.longAt(key, 0);
        findings.expect(
                Records.volume(store, volume).isPresent(), "upload %016x is of volume %d, which is gone", id, volume);
        FamilyRows.forEach(store, Families.PART, Keys.of(id), (partKey, partValue) -> {
            partsOfUploads++;
            part(id, volume, partKey, Records.parse(PartRecord.parser(), partValue));
        });
        findings.expect(!upload.hasCompleted(), "upload %016x is completed and still listed as open", id);
    }

    private void completed(final byte[] key, final byte[] value) {
        final UploadRecord upload = Records.parse(UploadRecord.parser(), value);
        final long id = Keys.lastLong(key);
        findings.expect(upload.hasCompleted(), "upload %016x is kept as completed and is not", id);
        findings.expect(
                !FamilyRows.any(store, Families.PART, Keys.of(id)),
                "upload %016x is completed and still has parts",
                id);
        findings.expect(
                store.get(Families.COMPLETION, Keys.of(upload.getCompletedNanos(), id))
                        .isPresent(),
                "upload %016x is completed and would never be forgotten",
                id);
    }

    private void part(final long upload, final long volume, final byte[] key, final PartRecord part) {
        findings.expect(
                Records.inode(store, part.getInode())
                        .filter(inode -> fits(inode, volume, part))
                        .isPresent(),
                "part %d of upload %016x and its inode %x disagree",
                Keys.partNumber(key),
                upload,
                part.getInode());
    }

    private static boolean fits(final Inode inode, final long volume, final PartRecord part) {
        return inode.getVolume() == volume && inode.getSize() == part.getSize();
    }

    private void hasUpload(final long wanted) {
        final boolean[] found = new boolean[1];
        FamilyRows.forEach(store, Families.UPLOAD, (key, value) -> found[0] |= Keys.lastLong(key) == wanted);
        findings.expect(found[0], "parts are kept for upload %016x, which does not exist", wanted);
    }
}
