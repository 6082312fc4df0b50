package io.tarn.server.mount.worker;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fuse.FuseSession;
import io.tarn.posix.fuse.RequestBuffers;
import io.tarn.posix.fuse.SessionEnd;
import io.tarn.posix.fuse.SessionOptions;
import io.tarn.posix.fuse.SessionParameters;
import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.MountDescription;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount that this process serves, or is about to. What it is told to do comes in order: {@link #prepare} and then {@link #serve}, or
 * {@link #resume}; then {@link #handOver} or {@link #close}. Thread-safe.
 */
final class ServedMount {
    private static final Logger LOG = LoggerFactory.getLogger(ServedMount.class);
    private static final Duration PAUSE_PATIENCE = Duration.ofSeconds(2);

    private final String id;
    private final MountDescription description;
    private final HolderLink holder;
    private final RequestBuffers buffers;
    private final Consumer<String> gone;
    private final Storage storage;
    private String told;
    private Optional<FuseSession> session = Optional.empty();

    private ServedMount(
            final String id,
            final MountDescription description,
            final HolderLink holder,
            final RequestBuffers buffers,
            final Consumer<String> gone,
            final Storage storage) {
        this.id = id;
        this.description = description;
        this.holder = holder;
        this.buffers = buffers;
        this.gone = gone;
        this.storage = storage;
        this.told = storage.client().token();
    }

    static ServedMount prepare(
            final String id,
            final MountDescription description,
            final HolderLink holder,
            final RequestBuffers buffers,
            final Consumer<String> gone)
            throws IOException, InterruptedException {
        final Storage storage = Storage.open(description, Journals.begin(id, holder));
        final ServedMount mount = new ServedMount(id, description, holder, buffers, gone, storage);
        holder.prepared(id, mount.told);
        return mount;
    }

    static ServedMount resume(
            final String id,
            final MountDescription description,
            final HolderLink holder,
            final RequestBuffers buffers,
            final Consumer<String> gone,
            final Descriptor device,
            final Optional<Descriptor> memory,
            final SessionParameters parameters,
            final String token)
            throws IOException {
        final MountJournal journal =
                memory.isPresent() ? Journals.inherit(id, memory.get(), holder) : Journals.begin(id, holder);
        // the holder has the token before it is used: up to then the one of before is good
        final Storage storage = Storage.takeOver(description, token, journal, newer -> holder.token(id, newer));
        final ServedMount mount = new ServedMount(id, description, holder, buffers, gone, storage);
        mount.begun(FuseSession.resume(device, storage.files(), mount.options(), buffers, parameters));
        return mount;
    }

    void serve(final Descriptor device) throws IOException {
        begun(FuseSession.begin(device, storage.files(), options(), buffers));
    }

    private SessionOptions options() {
        final MountOptions options = MountOptions.parse(description.options());
        return SessionOptions.named(id + "-" + description.target())
                .withWritebackCache(options.writeBackCache())
                .withNegativeMillis(options.entryTimeout().toMillis());
    }

    private synchronized void begun(final FuseSession begun) {
        session = Optional.of(begun);
        Thread.ofVirtual().name("end-" + id).start(() -> awaitEnd(begun));
        holder.serving(id, begun.parameters());
        LOG.info("{} is served", description);
    }

    private void awaitEnd(final FuseSession served) {
        try {
            switch (served.await()) {
                case final SessionEnd.Paused handedOver -> LOG.debug("{} is left: {}", description, handedOver);
                case final SessionEnd.Unmounted unmounted -> {
                    close();
                    holder.ended(id, "unmounted");
                    gone.accept(id);
                    LOG.info("{} has ended: {}", description, unmounted);
                }
                case final SessionEnd.Failed failed -> {
                    close();
                    holder.ended(id, failed.cause().getMessage());
                    gone.accept(id);
                }
            }
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the holder of a token that it does not have. */
    synchronized void tellToken() {
        final String token = storage.client().token();
        if (!token.equals(told)) {
            told = token;
            holder.token(id, token);
        }
    }

    /** Leaves everything to a successor. */
    void handOver() throws InterruptedException {
        final Optional<FuseSession> served;
        synchronized (this) {
            served = session;
        }
        if (served.isPresent()) {
            served.get().pause(PAUSE_PATIENCE);
            storage.leave();
            tellToken();
            served.get().close();
        } else {
            storage.close();
        }
    }

    /** Lets all go, what is open too. */
    void close() {
        final Optional<FuseSession> served;
        synchronized (this) {
            served = session;
        }
        served.ifPresent(FuseSession::close);
        storage.close();
    }
}
