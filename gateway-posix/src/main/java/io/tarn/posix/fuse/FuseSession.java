package io.tarn.posix.fuse;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.linux.Descriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount being served: requests read from its descriptor of {@code /dev/fuse} are carried out by a {@link FileSystem}, and what that tells to forget is told to
 * the kernel. Ends when the mount is taken away, when {@link #pause} hands it over, or when the connection fails.
 *
 * <p>A hand-over: {@link #pause} here, the descriptor and {@link #parameters} go to the successor (or a holder kept the descriptor all the time,
 * and this process just died), {@link #resume} there. The kernel is asked to hand out again what was not answered. The connection is never
 * closed as long as somebody has the descriptor, so programs see nothing but a pause.
 *
 * <p>Owns the descriptor, not the file system or the buffers. Thread-safe.
 */
public final class FuseSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuseSession.class);

    /** So long an interrupted wait may take to end. */
    private static final Duration INTERRUPTED_PATIENCE = Duration.ofSeconds(5);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Descriptor device;
    private final SessionParameters parameters;
    private final SessionOptions options;
    private final Gathering gathering;
    private final Engine engine;
    private final Notifier notifier;

    private FuseSession(
            final Descriptor device,
            final FileSystem fileSystem,
            final SessionOptions options,
            final RequestBuffers buffers,
            final SessionParameters parameters) {
        this.device = device;
        this.options = options;
        this.parameters = parameters;
        gathering = new Gathering(device::close);
        engine = new Engine(device, fileSystem, options, buffers, parameters, gathering);
        notifier = new Notifier(device);
    }

    /**
     * Begins to serve a mount that was just made.
     *
     * @throws IOException when the kernel is too old or says nonsense; the descriptor is closed then
     */
    public static FuseSession begin(
            final Descriptor device,
            final FileSystem fileSystem,
            final SessionOptions options,
            final RequestBuffers buffers)
            throws IOException {
        final SessionParameters parameters;
        try {
            parameters = Handshake.shake(device, options, buffers);
        } catch (final IOException failed) {
            device.close();
            throw failed;
        }
        final var session = new FuseSession(device, fileSystem, options, buffers, parameters);
        session.start(fileSystem);
        return session;
    }

    /** Goes on serving a mount where a predecessor stopped or died. */
    public static FuseSession resume(
            final Descriptor device,
            final FileSystem fileSystem,
            final SessionOptions options,
            final RequestBuffers buffers,
            final SessionParameters parameters) {
        final var session = new FuseSession(device, fileSystem, options, buffers, parameters);
        if (parameters.canResend()) {
            session.notifier.resend();
        } else {
            LOG.warn("the kernel cannot resend: calls that a predecessor left unanswered on {} hang", options.name());
        }
        session.start(fileSystem);
        return session;
    }

    private void start(final FileSystem fileSystem) {
        gathering.enter();
        Thread.ofPlatform().daemon().name("fuse-" + options.name() + "-notices").start(() -> {
            try {
                notifier.run();
            } finally {
                gathering.leave();
            }
        });
        engine.start(this::afterReading);
        fileSystem.invalidate(notifier);
    }

    /** Nobody waits for answers where there is no connection: what still waits is woken, and everything let go. */
    private void afterReading(final SessionEnd end) {
        if (!(end instanceof SessionEnd.Paused)) {
            LOG.info("the mount {} ended: {}", options.name(), end);
            engine.inFlight().relinquish();
            notifier.stop();
            gathering.close();
        }
    }

    /** What a successor has to know. */
    public SessionParameters parameters() {
        return parameters;
    }

    /** To be handed to a holder or a successor; closed with this session. */
    public Descriptor descriptor() {
        return device;
    }

    /** Waits until nothing is read any more, and says why. */
    public SessionEnd await() throws InterruptedException {
        try {
            return engine.readingEnded().get();
        } catch (final ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Stops reading and ends what is worked on, so that a successor may go on; no request is lost. Requests have {@code patience} to end by
     * themselves; waits are then interrupted and left unanswered for the successor, to whom the kernel hands them out again. After
     * this nothing is answered any more. Notices put before are written.
     */
    public void pause(final Duration patience) throws InterruptedException {
        final long deadline = System.nanoTime() + patience.toNanos();
        boolean done = engine.stopReading(patience)
                && gathering.await(1, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (!done) {
            engine.inFlight().relinquish();
            done = engine.stopReading(INTERRUPTED_PATIENCE) && gathering.await(1, INTERRUPTED_PATIENCE);
        }
        if (!done) {
            LOG.warn(
                    "{} requests on {} are left to the successor in mid-work",
                    engine.inFlight().abandon(),
                    options.name());
        }
        if (!notifier.drain(INTERRUPTED_PATIENCE)) {
            LOG.warn("notices on {} were not written before the hand-over", options.name());
        }
        notifier.stop();
    }

    /**
     * Stops serving and closes the descriptor, as soon as all that is worked on has ended. Where no other process has it, the kernel
     * then ends the connection: programs on the mount get {@code ENOTCONN}. To be called after an unmount or {@link #pause} too.
     */
    @Override
    public void close() {
        try {
            if (!engine.stopReading(CLOSE_PATIENCE)) {
                engine.inFlight().relinquish();
            }
            notifier.stop();
            gathering.close();
            engine.inFlight().relinquish();
            if (!gathering.await(0, CLOSE_PATIENCE)) {
                LOG.warn("requests on {} do not end; its descriptor is closed after the last", options.name());
            }
        } catch (final InterruptedException interrupt) {
            notifier.stop();
            gathering.close();
            Thread.currentThread().interrupt();
        }
    }
}
