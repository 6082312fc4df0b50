package io.tarn.core.extent;

import io.tarn.core.StorageException;
import io.tarn.core.file.StoredFile;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the page cache behind long appends, once they are durable.
 *
 * <p>Why: the kernel takes a fresh page for each page written, and on a machine whose memory the host backs on first touch a
 * page that was never used costs 2.4 ms a MiB, one that was used just before 0.15. Long contents also push out what is read
 * often: names, and small files. Who reads such a content soon after reads it from the disk once and from memory from then
 * on. Short appends stay in memory.
 */
final class WriteBehind {
    /** Appends of at least this many bytes are not kept in memory. */
    static final int FORGET_FROM_BYTES = 256 << 10;

    private static final long PAGE_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

    private WriteBehind() {}

    /** Called where nothing may fail: appends are acknowledged by then, and the extent may be sealed or gone meanwhile. */
    static void forget(final OpenFiles files, final ExtentId extent, final List<AppendQueue.Append> durable) {
        if (durable.stream().noneMatch(WriteBehind::isLong)) {
            return;
        }
        try (OpenFiles.Lease lease = files.lease(extent)) {
            forget(lease.file(), durable);
        } catch (StorageException e) {
            LOG.debug("extent {} stays in the page cache: {}", extent, e.getMessage());
        }
    }

    private static boolean isLong(final AppendQueue.Append append) {
        return append.block().length() >= FORGET_FROM_BYTES;
    }

    /** Forgets the long ones of these durable appends, in order of their offsets; those that touch go in one call. */
    static void forget(final StoredFile file, final List<AppendQueue.Append> durable) {
        long from = 0;
        long to = 0;
        for (final AppendQueue.Append append : durable) {
            final Block block = append.block();
            if (!isLong(append)) {
                continue;
            }
            if (block.offset() != to) {
                forget(file, from, to);
                from = block.offset();
            }
            to = append.end();
        }
        forget(file, from, to);
    }

    /** Only pages that lie within the range: the others hold parts of neighbours. */
    private static void forget(final StoredFile file, final long from, final long to) {
        final long first = Math.ceilDiv(from, PAGE_BYTES) * PAGE_BYTES;
        final long end = to / PAGE_BYTES * PAGE_BYTES;
        if (first < end) {
            file.forgetCached(first, end - first);
        }
    }
}
