package io.tarn.server.mount.worker;

import io.tarn.server.mount.control.Connection;
import io.tarn.server.mount.control.StateFolder;
import io.tarn.server.mount.control.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Main class of the worker. Argument: the state folder, in which the holder listens. */
public final class MountWorker {
    private static final Logger LOG = LoggerFactory.getLogger(MountWorker.class);

    private MountWorker() {}

    public static void main(final String[] arguments) {
        try {
            final HolderLink holder = HolderLink.report(new StateFolder(Path.of(arguments[0])));
            work(holder, new ServedMounts(holder));
            System.exit(0);
        } catch (final IOException | RuntimeException | Error failed) {
            LOG.error("the mounts' process ends", failed);
            System.exit(1);
        } catch (final InterruptedException stopped) {
            System.exit(1);
        }
    }

    private static void work(final HolderLink holder, final ServedMounts mounts)
            throws IOException, InterruptedException {
        Optional<Connection.Received> received = holder.receive();
        while (received.isPresent()) {
            if (received.get().message().verb() == Verb.HAND_OVER) {
                mounts.handOver();
                return;
            }
            mounts.carryOut(received.get());
            received = holder.receive();
        }
        LOG.info("the holder is gone");
        mounts.awaitEnd();
    }
}
