package io.tarn.server.mount.worker;

import io.tarn.core.StorageException;
import io.tarn.posix.fuse.RequestBuffers;
import io.tarn.posix.fuse.SessionParameters;
import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.Field;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.Transport;
import io.tarn.server.mount.control.Trouble;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All mounts that this process serves, and what the holder has told to be done with each: one thing after another for one mount, by a thread of
 * its own, so that a server that is away makes its own mounts wait only. Thread-safe.
 */
final class ServedMounts {
    private static final Logger LOG = LoggerFactory.getLogger(ServedMounts.class);
    private static final long TOKENS_EVERY_MILLIS = 1_000;

    private final HolderLink holder;
    private final RequestBuffers buffers = new RequestBuffers(RequestBuffers.DEFAULT_LIMIT);
    private final Map<String, ServedMount> mounts = new ConcurrentHashMap<>();
    private final Map<String, Thread> beginning = new ConcurrentHashMap<>();
    private final ScheduledExecutorService tokens = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tokens").factory());

    private final Future<?> tokenRounds;
    private volatile boolean leaving;

    ServedMounts(final HolderLink holder) {
        this.holder = holder;
        tokenRounds = tokens.scheduleWithFixedDelay(
                () -> mounts.values().forEach(ServedMount::tellToken),
                TOKENS_EVERY_MILLIS,
                TOKENS_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Does, or begins to do, what the holder says. */
    void carryOut(final Connection.Received received) throws IOException {
        final Message message = received.message();
        final String id = message.get(Field.ID);
        switch (message.verb()) {
            case PREPARE -> {
                final MountDescription description = MountDescription.of(message);
                begin(id, () -> mounts.put(id, ServedMount.prepare(id, description, holder, buffers, this::gone)));
            }
            case RESUME -> resume(id, MountDescription.of(message), received);
            case SERVE -> {
                final Optional<Descriptor> device =
                        received.descriptors().stream().findFirst();
                begin(id, () -> serve(id, device));
            }
            case DROP -> begin(id, () -> drop(id));
            default -> throw new IOException("a holder does not say " + message.verb());
        }
    }

    private void resume(final String id, final MountDescription description, final Connection.Received received)
            throws IOException {
        final String token = received.message().get(Field.TOKEN);
        if (description.transport() == Transport.JNR) {
            begin(
                    id,
                    () -> mounts.put(id, ServedMount.mountAgain(id, description, holder, buffers, this::gone, token)));
            return;
        }
        final SessionParameters parameters =
                SessionParameters.parse(received.message().get(Field.PARAMETERS));
        final Descriptor device = first(received.descriptors());
        final Optional<Descriptor> memory =
                received.descriptors().stream().skip(1).reduce((older, newer) -> newer);
        begin(
                id,
                () -> mounts.put(
                        id,
                        ServedMount.resume(
                                id, description, holder, buffers, this::gone, device, memory, parameters, token)));
    }

    private static Descriptor first(final List<Descriptor> descriptors) throws IOException {
        if (descriptors.isEmpty()) {
            throw new IOException("a mount comes without its connection");
        }
        return descriptors.getFirst();
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** After what was begun for the same mount before. */
    private void begin(final String id, final Step step) {
        beginning.compute(id, (same, before) -> Thread.ofPlatform()
                .daemon()
                .name("begin-" + id)
                .start(() -> {
                    try {
                        if (before != null) {
                            before.join();
                        }
                        step.run();
                    } catch (final IllegalArgumentException notUnderstood) {
                        fail(id, Trouble.USAGE, notUnderstood);
                    } catch (final StorageException failed) {
                        fail(
                                id,
                                switch (failed.failure()) {
                                    case NOT_FOUND, NOT_A_DIRECTORY -> Trouble.NOT_FOUND;
                                    case PERMISSION_DENIED -> Trouble.DENIED;
                                    case UNAVAILABLE, TIMEOUT -> Trouble.NO_SERVER;
                                    default -> Trouble.FAILED;
                                },
                                failed);
                    } catch (final IOException | RuntimeException | Error failed) {
                        LOG.error("mount {} does not begin", id, failed);
                        fail(id, Trouble.FAILED, failed);
                    } catch (final InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    } finally {
                        beginning.remove(id, Thread.currentThread());
                    }
                }));
    }

    private void fail(final String id, final Trouble trouble, final Throwable why) {
        final ServedMount mount = mounts.remove(id);
        if (mount != null) {
            mount.close();
        }
        if (leaving) {
            LOG.info("mount {} is left to the successor as it was: {}", id, why.getMessage());
            return;
        }
        holder.failed(id, trouble, why.getMessage() == null ? why.toString() : why.getMessage());
    }

    private void serve(final String id, final Optional<Descriptor> device) throws IOException {
        final ServedMount mount = mounts.get(id);
        if (mount == null) {
            device.ifPresent(Descriptor::close);
            throw new IOException("what is to be served was not prepared");
        }
        if (device.isPresent()) {
            mount.serve(device.get());
        } else {
            mount.mount();
        }
    }

    private void drop(final String id) {
        final ServedMount mount = mounts.remove(id);
        if (mount != null) {
            mount.close();
        }
    }

    /** Leaves all to a successor, side by side. */
    void handOver() throws InterruptedException {
        leaving = true;
        for (final Thread begun : List.copyOf(beginning.values())) {
            begun.interrupt();
            begun.join();
        }
        final List<Thread> threads = new ArrayList<>();
        for (final ServedMount mount : mounts.values()) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    mount.handOver();
                } catch (final InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } catch (final RuntimeException failed) {
                    LOG.error("a mount is left to the successor in mid-work", failed);
                }
            }));
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        tokenRounds.cancel(false);
        tokens.shutdown();
        holder.handedOver();
    }

    /** Waits until there is no mount any more. */
    void awaitEnd() throws InterruptedException {
        synchronized (mounts) {
            while (!mounts.isEmpty()) {
                mounts.wait();
            }
        }
    }

    private void gone(final String id) {
        synchronized (mounts) {
            mounts.remove(id);
            mounts.notifyAll();
        }
    }
}
