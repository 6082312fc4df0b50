package io.tarn.server.mount.worker;

import io.tarn.posix.fuse.FuseSession;
import io.tarn.posix.fuse.SessionEnd;
import io.tarn.posix.jnr.JnrMount;

/** What carries the requests of a mount that is served. */
sealed interface Carrier extends AutoCloseable {
    /** Waits until nothing is served any more, and says why. */
    SessionEnd await() throws InterruptedException;

    /** What the next process has to know. */
    String parameters();

    @Override
    void close();

    /** Can be left to another process. */
    record Kernel(FuseSession session) implements Carrier {
        @Override
        public SessionEnd await() throws InterruptedException {
            return session.await();
        }

        @Override
        public String parameters() {
            return session.parameters().toText();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Ends with this process. */
    record Portable(JnrMount mount) implements Carrier {
        @Override
        public SessionEnd await() throws InterruptedException {
            return mount.await();
        }

        @Override
        public String parameters() {
            return "";
        }

        @Override
        public void close() {
            mount.close();
        }
    }
}
