package io.tarn.core.namespace;

import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.BlockReference;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contents: inline rows, slices, and the references that slices hold on blocks. That every slice has its reference is looked up;
 * that every reference has its slice follows from their numbers, and only when these differ is it looked for one by one.
 */
final class ContentAudit {
    private final KeyValueReader store;
    private final Findings findings;
    private long blocksUsed;
    private long references;

    ContentAudit(final KeyValueReader store, final Findings findings) {
        this.store = store;
        this.findings = findings;
    }

    private record Place(long extent, long offset) {}

    void run() {
        FamilyRows.forEach(store, Families.INODE, (key, value) -> {
            final Inode inode = Records.parse(Inode.parser(), value);
            if (inode.getType() == FileType.REGULAR) {
                file(Keys.lastLong(key), inode);
            }
        });
        FamilyRows.forEachPrefix(store, Families.DOOMED, this::doomed);
        FamilyRows.forEachPrefix(
                store,
                Families.INLINE,
                id -> findings.expect(
                        Records.inode(store, id).filter(Inode::getInlineData).isPresent(),
                        "inline bytes are kept for inode %x, which has none",
                        id));
        FamilyRows.forEachPrefix(
                store,
                Families.SLICE,
                id -> findings.expect(
                        Records.inode(store, id).filter(Inode::getSpilled).isPresent() || isDoomed(id),
                        "slices are kept apart for inode %x, which keeps its own",
                        id));
        FamilyRows.forEach(store, Families.REFERENCE, (key, value) -> references++);
        if (references != blocksUsed) {
            FamilyRows.forEach(store, Families.REFERENCE, (key, value) -> hasSlice(key));
        }
    }

    private boolean isDoomed(final long id) {
        return store.get(Families.DOOMED, Keys.of(id)).isPresent();
    }

    /** What is left of a file whose inode is gone already; a content's inode is still there. */
    private void doomed(final long id) {
        if (Records.inode(store, id).isEmpty()) {
            Segments.leftOver(store, id).ifPresent(left -> file(id, left));
        }
    }

    private void file(final long id, final Inode inode) {
        if (inode.getInlineData()) {
            findings.expect(
                    !inode.getSpilled() && inode.getSlicesCount() == 0, "file %x has inline bytes and slices", id);
            final Optional<byte[]> data = store.get(Families.INLINE, Keys.of(id));
            findings.expect(
                    data.filter(bytes -> bytes.length == inode.getSize()).isPresent(),
                    "file %x of %d bytes has %s inline bytes",
                    id,
                    inode.getSize(),
                    data.map(bytes -> Integer.toString(bytes.length)).orElse("no"));
            return;
        }
        findings.expect(!inode.getSpilled() || inode.getSlicesCount() == 0, "file %x has slices in two places", id);
        final List<Slice> slices = Contents.slices(store, id, inode);
        findings.expect(!inode.getSpilled() || !slices.isEmpty(), "slices of file %x are kept apart and missing", id);
        final Map<Place, Integer> used = new HashMap<>();
        long end = 0;
        for (final Slice slice : slices) {
            wellFormed(id, slice, end);
            end = slice.getFileOffset() + slice.getLength();
            if (slice.getExtent() != 0) {
                used.merge(new Place(slice.getExtent(), slice.getBlockOffset()), 1, Integer::sum);
            }
        }
        findings.expect(end <= inode.getSize(), "file %x of %d bytes has slices to %d", id, inode.getSize(), end);
        blocksUsed += used.size();
        used.forEach((place, count) -> hasReference(id, place, count));
        used.keySet().stream()
                .mapToLong(Place::extent)
                .distinct()
                .forEach(extent -> isOfVolume(id, extent, inode.getVolume()));
    }

    private void wellFormed(final long id, final Slice slice, final long end) {
        findings.expect(
                slice.getFileOffset() >= end && slice.getLength() > 0,
                "file %x has a slice of %d bytes at %d, the one before ends at %d",
                id,
                slice.getLength(),
                slice.getFileOffset(),
                end);
        final boolean fits;
        if (slice.getContent() != 0) {
            fits = Records.inode(store, slice.getContent())
                    .filter(content -> content.getContentOnly()
                            && slice.getContentOffset() + slice.getLength() <= content.getSize())
                    .isPresent();
        } else if (slice.getExtent() == 0) {
            fits = slice.getData().size() == slice.getLength();
        } else {
            fits = (long) slice.getSkip() + slice.getLength() <= slice.getBlockLength();
        }
        findings.expect(fits, "slice at %d of file %x is longer than its block", slice.getFileOffset(), id);
    }

    private void isOfVolume(final long id, final long extent, final long volume) {
        Records.extent(store, extent)
                .map(ExtentRecord::getVolume)
                .ifPresent(owner -> findings.expect(
                        owner == volume,
                        "file %x of volume %d lies in extent %x, which belongs to volume %d",
                        id,
                        volume,
                        extent,
                        owner));
    }

    private void hasReference(final long id, final Place place, final int count) {
        final int referred = Records.get(
                        store, Families.REFERENCE, Keys.of(place.extent(), place.offset(), id), BlockReference.parser())
                .map(BlockReference::getCount)
                .orElse(0);
        findings.expect(
                referred == count,
                "file %x uses block %x:%d %d times, %d references are counted",
                id,
                place.extent(),
                place.offset(),
                count,
                referred);
    }

    /** Whether the file a reference speaks of has a slice on that block. */
    private void hasSlice(final byte[] key) {
        final long id = Keys.lastLong(key);
        final long extent = Keys.longAt(key, 0);
        final long offset = Keys.longAt(key, Long.BYTES);
        final boolean found = Records.inode(store, id)
                .filter(inode -> Contents.slices(store, id, inode).stream()
                        .anyMatch(slice -> slice.getExtent() == extent && slice.getBlockOffset() == offset))
                .isPresent();
        findings.expect(found, "block %x:%d counts a reference of file %x, which does not use it", extent, offset, id);
    }
}
