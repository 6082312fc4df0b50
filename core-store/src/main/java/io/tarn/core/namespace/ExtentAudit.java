package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.BlockReference;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;

/** Extents: their live bytes are those of the blocks referred to, which do not overlap and lie within the sealed length. */
final class ExtentAudit {
    private final KeyValueReader store;
    private final Findings findings;

    ExtentAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    void run() {
        FamilyRows.forEach(
                store,
                Families.EXTENT,
                (key, value) -> extent(Keys.lastLong(key), Records.parse(ExtentRecord.parser(), value)));
        FamilyRows.forEach(store, Families.HELD, (key, value) -> held(Keys.longAt(key, 0), Keys.lastLong(key)));
        FamilyRows.forEachPrefix(store, Families.REFERENCE, id -> exists(id, "blocks are referred to"));
        FamilyRows.forEachPrefix(store, Families.DIRTY, id -> exists(id, "space is to be given back"));
    }

    private void exists(final long id, final String because) {
        findings.expect(Records.extent(store, id).isPresent(), "extent %x is missing though %s", id, because);
    }

    private void held(final long session, final long id) {
        findings.expect(
                Records.extent(store, id)
                        .filter(extent -> isWriting(extent) && extent.getSession() == session)
                        .isPresent(),
                "extent %x is listed as held by session %x, and is not",
                id,
                session);
    }

    private static boolean isWriting(final ExtentRecord record) {
        return record.getState() == ExtentState.OPEN || record.getState() == ExtentState.SEALED;
    }

    private void extent(final long id, final ExtentRecord record) {
        final Blocks blocks = new Blocks(id);
        FamilyRows.forEach(store, Families.REFERENCE, Keys.of(id), blocks::reference);
        findings.expect(
                record.getLiveBytes() == blocks.bytes,
                "extent %x counts %d live bytes, %d are referred to",
                id,
                record.getLiveBytes(),
                blocks.bytes);
        final boolean lengthKnown = record.getState() != ExtentState.OPEN;
        findings.expect(
                !lengthKnown || blocks.end <= record.getLength(),
                "extent %x was sealed at %d, blocks up to %d are referred to",
                id,
                record.getLength(),
                blocks.end);
        findings.expect(
                record.getState() != ExtentState.DROPPED || blocks.bytes == 0,
                "extent %x is dropped and %d bytes of it are referred to",
                id,
                blocks.bytes);
        findings.expect(
                !isWriting(record)
                        || store.get(Families.HELD, Keys.of(record.getSession(), id))
                                .isPresent(),
                "extent %x is not listed as held by session %x",
                id,
                record.getSession());
        findings.expect(
                !isWriting(record)
                        || record.getSession() == 0
                        || store.get(Families.SESSION, Keys.of(record.getSession()))
                                .isPresent(),
                "extent %x is held by session %x, which is not open",
                id,
                record.getSession());
        findings.expect(
                record.getState() != ExtentState.SEALED || record.getSession() != 0,
                "extent %x is sealed, held by nobody, and not released",
                id);
    }

    /** Adds up the blocks of one extent, in order of offset; the references on one block stand together. */
    private final class Blocks {
        private final long extent;
        private long offset = -1;
        private long end;
        private long bytes;

        Blocks(final long extent) {
            this.extent = extent;
        }

        void reference(final byte[] key, final byte[] value) {
            final BlockReference reference = Records.parse(BlockReference.parser(), value);
            final long at = Keys.longAt(key, Long.BYTES);
            final long length = reference.getBlockLength();
            findings.expect(reference.getCount() > 0, "reference %s counts nothing", FamilyRows.text(key));
            if (at == offset) {
                findings.expect(at + length == end, "block %x:%d has two lengths", extent, at);
                return;
            }
            findings.expect(at >= end, "block %x:%d begins before the one before it ends, at %d", extent, at, end);
            offset = at;
            end = at + length;
            bytes += length;
        }
    }
}
