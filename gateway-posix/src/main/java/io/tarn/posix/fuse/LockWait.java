package io.tarn.posix.fuse;

import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.PosixException;
import io.tarn.posix.linux.CallState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that may be waited for without end: so it holds no reader and no buffer, but a virtual thread and a few bytes. */
final class LockWait implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LockWait.class);

    private final Engine engine;
    private final FileSystem fileSystem;
    private final RequestHeader header;
    private final Operation.Lock lock;
    private final InFlight inFlight = new InFlight();

    LockWait(final Engine engine, final FileSystem fileSystem, final RequestHeader header, final Operation.Lock lock) {
        this.engine = engine;
        this.fileSystem = fileSystem;
        this.header = header;
        this.lock = lock;
        inFlight.begin(header.unique());
    }

    InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void run() {
        inFlight.attach();
        int error = 0;
        try {
            fileSystem.lock(header.inode(), lock.handle(), lock.wish(), true);
        } catch (final PosixException failed) {
            error = failed.errno().number();
        } catch (final RuntimeException | Error defect) {
            LOG.error("waiting for a lock failed: {}", header, defect);
            error = Errno.EIO.number();
        }
        final int answered = error;
        try {
            inFlight.end(answered == Errno.EINTR.number(), () -> answer(answered));
        } finally {
            engine.lockWaitGone(this);
        }
    }

    private long answer(final int error) {
        try (var arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(RequestBuffer.ANSWER_HEADER_BYTES, Long.BYTES);
            Answers.header(memory, 0, RequestBuffer.ANSWER_HEADER_BYTES, -error, header.unique());
            return Math.min(engine.device().write(new CallState(), memory.address(), memory.byteSize()), 0);
        }
    }
}
