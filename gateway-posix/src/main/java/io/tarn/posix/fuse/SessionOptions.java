package io.tarn.posix.fuse;

/**
 * How a mount is served. Defaults are what {@link #named} gives.
 *
 * @param name of the mount, for threads and logs
 * @param readers threads that read requests
 * @param inline requests at most that readers work on themselves; fewer than {@code readers}, so that one is always left to read
 * @param writebackCache whether the kernel gathers small writes in its page cache, and is the one who knows sizes and
 *     times meanwhile; what two mounts append to one file at the same time then overwrites each other
 * @param negativeMillis how long the kernel remembers that a name is not there; needs a file system that tells when one appears
 * @param background requests at most that the kernel has under way for nobody in particular (read-ahead, write-back)
 */
public record SessionOptions(
        String name, int readers, int inline, boolean writebackCache, long negativeMillis, int background) {
    private static final int READERS = 5;
    private static final int BACKGROUND = 64;
    private static final int MOST_READERS = 64;
    private static final int MOST_BACKGROUND = 65_535;

    public SessionOptions {
        if (readers < 1 || readers > MOST_READERS || inline < 0 || inline >= readers) {
            throw new IllegalArgumentException(readers + " readers, of which " + inline + " may be busy");
        }
        if (negativeMillis < 0 || background < 1 || background > MOST_BACKGROUND) {
            throw new IllegalArgumentException(negativeMillis + " ms, " + background + " in the background");
        }
    }

    /** The defaults, under a name. */
    public static SessionOptions named(final String name) {
        return new SessionOptions(name, READERS, READERS - 1, false, 0, BACKGROUND);
    }

    public SessionOptions withWritebackCache(final boolean on) {
        return new SessionOptions(name, readers, inline, on, negativeMillis, background);
    }

    public SessionOptions withNegativeMillis(final long millis) {
        return new SessionOptions(name, readers, inline, writebackCache, millis, background);
    }

    SessionOptions withReaders(final int count, final int mayBeBusy) {
        return new SessionOptions(name, count, mayBeBusy, writebackCache, negativeMillis, background);
    }
}
