package io.tarn.core.extent;

import io.tarn.core.file.StoredFile;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The state page of an extent file. It is kept in two slots, each in a 4 KiB page of its own at the file's start, and a
 * change is written to the slot that does not hold the present state, then forced: a torn or lost write leaves the present
 * state valid. The valid slot with the highest sequence rules.
 *
 * @param extent whose file this is
 * @param epoch smallest epoch that is still obeyed
 * @param sealed whether the length is fixed
 * @param sealedLength the fixed length in bytes, 0 while open
 * @param sequence counts changes of state
 */
record ExtentHeader(ExtentId extent, long epoch, boolean sealed, long sealedLength, long sequence) {
    static final int SLOT_SPACING_BYTES = 4096;
    /** Where the first record lies. */
    static final int DATA_START = 2 * SLOT_SPACING_BYTES;

    static final int SLOT_BYTES = 64;

    private static final long MAGIC = 0x5441524e45585431L;
    private static final int VERSION = 1;
    private static final int CHECKED_BYTES = SLOT_BYTES - Integer.BYTES;

    static ExtentHeader created(final ExtentId extent, final long epoch) {
        return new ExtentHeader(extent, epoch, false, 0, 0);
    }

    ExtentHeader fenced(final long newEpoch) {
        return new ExtentHeader(extent, newEpoch, sealed, sealedLength, sequence + 1);
    }

    ExtentHeader sealed(final long newEpoch, final long length) {
        return new ExtentHeader(extent, newEpoch, true, length, sequence + 1);
    }

    /** Writes this state to its slot, durably. */
    void writeTo(final StoredFile file) {
        final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        put(slot);
        file.write((sequence & 1) * SLOT_SPACING_BYTES, slot.flip());
        file.force();
    }

    void put(final ByteBuffer slot) {
        final int start = slot.position();
        slot.putLong(MAGIC).putInt(VERSION).putInt(sealed ? 1 : 0);
        slot.putLong(extent.value()).putLong(epoch).putLong(sealedLength).putLong(sequence);
        while (slot.position() < start + CHECKED_BYTES) {
            slot.put((byte) 0);
        }
        slot.putInt(checksum(slot, start));
    }

    /** The ruling state in {@code page}, whose position is the start of the file; empty when neither slot is valid. */
    static Optional<ExtentHeader> ruling(final ExtentId extent, final ByteBuffer page) {
        final Optional<ExtentHeader> first = slot(extent, page, page.position());
        final Optional<ExtentHeader> second = slot(extent, page, page.position() + SLOT_SPACING_BYTES);
        if (first.isPresent() && second.isPresent()) {
            return first.get().sequence > second.get().sequence ? first : second;
        }
        return first.or(() -> second);
    }

    private static Optional<ExtentHeader> slot(final ExtentId extent, final ByteBuffer page, final int at) {
        if (at + SLOT_BYTES > page.limit()
                || page.getLong(at) != MAGIC
                || page.getInt(at + 8) != VERSION
                || page.getInt(at + CHECKED_BYTES) != checksum(page, at)
                || page.getLong(at + 16) != extent.value()) {
            return Optional.empty();
        }
        return Optional.of(new ExtentHeader(
                extent,
                page.getLong(at + 24),
                page.getInt(at + 12) == 1,
                page.getLong(at + 32),
                page.getLong(at + 40)));
    }

    private static int checksum(final ByteBuffer page, final int at) {
        final CRC32C crc = new CRC32C();
        crc.update(page.duplicate().position(at).limit(at + CHECKED_BYTES));
        return (int) crc.getValue();
    }
}
