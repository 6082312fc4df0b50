package io.tarn.posix.fs;

/**
 * Failures to write a file's bytes, told to each descriptor that was open at the time, once (errseq of the kernel has the same rule). Thread-safe.
 */
final class WriteErrors {
    private long count;
    private Errno last = Errno.EIO;

    /** What one descriptor has been told. Thread-safe. */
    final class Reader {
        private long seen = count();

        /** This descriptor knows all that has gone wrong so far. */
        void told() {
            synchronized (WriteErrors.this) {
                seen = count;
            }
        }

        /** Throws the last failure, if there was one that this descriptor was not told of. */
        void report() {
            synchronized (WriteErrors.this) {
                if (seen < count) {
                    seen = count;
                    throw last.exception();
                }
            }
        }
    }

    private synchronized long count() {
        return count;
    }

    synchronized void add(final Errno errno) {
        count++;
        last = errno;
    }

    Reader reader() {
        return new Reader();
    }
}
