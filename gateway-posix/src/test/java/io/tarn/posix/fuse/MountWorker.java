package io.tarn.posix.fuse;

import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.MountTarget;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.SharedMemory;
import io.tarn.posix.linux.UnixSocket;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process that serves a mount until it is killed or told to leave. What must outlive it, it gets from and tells to whoever started it: the descriptors
 * of the device and of the journal, the session's token and the mount's parameters.
 */
public final class MountWorker {
    static final long JOURNAL_BYTES = 8 << 20;
    static final String TOKEN = "token ";
    static final String PARAMETERS = "parameters ";
    static final String READY = "ready";
    static final String LEAVE = "leave";
    private static final KeyPair KEYS = new KeyPair("ROOTKEY", "rootsecret");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UnixSocket holder;

    private MountWorker(final UnixSocket holder) {
        this.holder = holder;
    }

    /** Arguments: the holder's socket, where the node is, the volume. */
    public static void main(final String[] arguments) throws Exception {
        try (UnixSocket holder = UnixSocket.connect(arguments[0])) {
            new MountWorker(holder).work(arguments[1], arguments[2]);
        }
        System.exit(0);
    }

    private void tell(final String text) {
        try {
            holder.send(text.getBytes(StandardCharsets.UTF_8), List.of());
        } catch (final LinuxException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void work(final String endpoint, final String volume) throws Exception {
        final UnixSocket.Message given = holder.receive().orElseThrow();
        final String[] kept = new String(given.bytes(), StandardCharsets.UTF_8).split("\n", -1);
        final RemoteClient client;
        if (kept[0].isEmpty()) {
            client = RemoteClient.connect(endpoint, KEYS, RemoteOptions.DEFAULT, token -> tell(TOKEN + token));
        } else {
            client = RemoteClient.takeOver(
                    endpoint, kept[0], Optional.of(KEYS), RemoteOptions.DEFAULT, token -> tell(TOKEN + token));
        }
        final SharedMemory memory = SharedMemory.map(given.descriptors().get(1), JOURNAL_BYTES);
        final VolumeFileSystem files = VolumeFileSystem.of(
                client,
                client::session,
                MountTarget.parse(volume),
                TestCluster.OWNER,
                MountOptions.DEFAULT,
                MountJournal.open(memory.segment(), memory::discard),
                client.outcomes());
        final var buffers = new RequestBuffers(RequestBuffers.DEFAULT_LIMIT);
        final SessionOptions options = SessionOptions.named("worker");
        final FuseSession session = kept[1].isEmpty()
                ? FuseSession.begin(given.descriptors().get(0), files, options, buffers)
                : FuseSession.resume(
                        given.descriptors().get(0), files, options, buffers, SessionParameters.parse(kept[1]));
        tell(PARAMETERS + session.parameters().toText());
        tell(READY);
        // nothing, when the holder has gone: then the mount goes, too
        if (holder.receive().isPresent()) {
            session.pause(PATIENCE);
            files.leave();
            client.leave();
        }
    }
}
