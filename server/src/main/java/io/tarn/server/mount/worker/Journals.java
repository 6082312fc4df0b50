package io.tarn.server.mount.worker;

import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.SharedMemory;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The memory of mounts that outlives this process, because the holder has it too. */
final class Journals {
    private static final Logger LOG = LoggerFactory.getLogger(Journals.class);

    private Journals() {}

    /** An empty one, which the holder keeps from now on. */
    static MountJournal begin(final String id, final HolderLink holder) throws IOException {
        try (Descriptor memory = SharedMemory.create("tarn-mount-" + id, MountJournal.DEFAULT_BYTES)) {
            holder.keep(id, memory);
            return open(memory);
        }
    }

    /**
     * The one that an earlier process left. One of another release, whose process has committed all before it handed over, is replaced.
     *
     * @param memory closed here
     */
    static MountJournal inherit(final String id, final Descriptor memory, final HolderLink holder) throws IOException {
        try (memory) {
            return open(memory);
        } catch (final IllegalArgumentException otherRelease) {
            LOG.warn("mount {} begins a new journal: {}", id, otherRelease.getMessage());
            return begin(id, holder);
        }
    }

    private static MountJournal open(final Descriptor memory) throws IOException {
        final SharedMemory shared = SharedMemory.map(memory, MountJournal.DEFAULT_BYTES);
        return MountJournal.open(shared.segment(), shared::discard);
    }
}
