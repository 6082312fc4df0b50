package io.tarn.posix.fuse;

import io.tarn.posix.linux.WakeableThread;
import java.io.IOException;

/** A thread that reads requests and works on them, or hands them on. */
final class Reader implements Runnable {
    private final Engine engine;
    private volatile WakeableThread thread;
    private volatile boolean reading;

    Reader(final Engine engine) {
        this.engine = engine;
    }

    /** Wakes it if it waits for a request. To be repeated until it has gone: it may be about to wait. */
    void wake() {
        final WakeableThread current = thread;
        if (reading && current != null) {
            current.wake();
        }
    }

    @Override
    public void run() {
        final WakeableThread self = WakeableThread.current();
        thread = self;
        RequestBuffer buffer = engine.readerComes();
        try {
            while (!engine.isStopping()) {
                reading = true;
                final long received = buffer.receive(engine.device());
                reading = false;
                if (received >= 0) {
                    buffer = engine.serve(buffer, received);
                } else {
                    engine.failedToRead((int) -received);
                }
            }
        } catch (final IOException failed) {
            engine.fail(failed);
        } catch (final RuntimeException | Error failed) {
            engine.fail(new IOException("a reader ended", failed));
        } finally {
            self.leave();
            engine.readerGone(buffer);
        }
    }
}
