package io.tarn.server.mount.worker;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fuse.FuseSession;
import io.tarn.posix.fuse.Mounting;
import io.tarn.posix.fuse.RequestBuffers;
import io.tarn.posix.fuse.SessionEnd;
import io.tarn.posix.fuse.SessionOptions;
import io.tarn.posix.fuse.SessionParameters;
import io.tarn.posix.jnr.JnrMount;
import io.tarn.posix.jnr.JnrOptions;
import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.MountWishes;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount that this process serves, or is about to. What it is told to do comes in order: {@link #prepare} and then {@link #serve}, or
 * {@link #resume} or {@link #mountAgain}; then {@link #handOver} or {@link #close}. Thread-safe.
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
    private Optional<Carrier> carrier = Optional.empty();
    private volatile boolean left;

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
        final MountJournal journal =
                description.transport() == Transport.KERNEL ? Journals.begin(id, holder) : MountJournal.none();
        final Storage storage = Storage.open(description, journal);
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
        mount.begun(
                new Carrier.Kernel(FuseSession.resume(device, storage.files(), mount.options(), buffers, parameters)));
        return mount;
    }

    /** For one that ended with its process: mounts it again. What was open is lost, and the session that held it ends. */
    static ServedMount mountAgain(
            final String id,
            final MountDescription description,
            final HolderLink holder,
            final RequestBuffers buffers,
            final Consumer<String> gone,
            final String token)
            throws IOException {
        LOG.warn("{} ended with its process and is mounted again: what was open on it is lost", description);
        final Path directory = Path.of(description.directory());
        if (Mounting.isMounted(directory)) {
            Mounting.unmount(directory, true);
        }
        final Storage storage = Storage.anew(description, token, newer -> holder.token(id, newer));
        final ServedMount mount = new ServedMount(id, description, holder, buffers, gone, storage);
        mount.mount();
        return mount;
    }

    void serve(final Descriptor device) throws IOException {
        begun(new Carrier.Kernel(FuseSession.begin(device, storage.files(), options(), buffers)));
    }

    /** Mounts through libfuse, which this process alone can serve. */
    void mount() throws IOException {
        begun(new Carrier.Portable(JnrMount.mount(MountWishes.of(description), storage.files(), JnrOptions.DEFAULT)));
    }

    private SessionOptions options() {
        final MountOptions options = MountOptions.parse(description.options());
        return SessionOptions.named(id + "-" + description.target())
                .withWritebackCache(options.writeBackCache())
                .withNegativeMillis(options.entryTimeout().toMillis());
    }

    private synchronized void begun(final Carrier begun) {
        carrier = Optional.of(begun);
        Thread.ofVirtual().name("end-" + id).start(() -> awaitEnd(begun));
        holder.serving(id, begun.parameters());
        LOG.info("{} is served", description);
    }

    private void awaitEnd(final Carrier served) {
        try {
            final SessionEnd end = served.await();
            if (left) {
                return;
            }
            switch (end) {
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
        left = true;
        final Optional<Carrier> served = carrier();
        if (served.isEmpty()) {
            storage.close();
            return;
        }
        if (served.get() instanceof final Carrier.Kernel kernel) {
            kernel.session().pause(PAUSE_PATIENCE);
        } else {
            served.get().close();
        }
        storage.leave();
        tellToken();
        served.get().close();
    }

    private synchronized Optional<Carrier> carrier() {
        return carrier;
    }

    /** Lets all go, what is open too. */
    void close() {
        carrier().ifPresent(Carrier::close);
        storage.close();
    }
}
