package io.tarn.server.cli;

import io.tarn.posix.fuse.MountException;
import io.tarn.server.mount.MountFailure;
import java.io.IOException;

/** What goes wrong with mounts, as messages and exit codes. */
final class MountTroubles {
    private MountTroubles() {}

    /** Something that may go wrong with a mount. */
    @FunctionalInterface
    interface Deed {
        void run() throws IOException;
    }

    static void told(final Deed deed) {
        try {
            deed.run();
        } catch (final MountException obstacle) {
            throw new CommandFailure(
                    switch (obstacle.reason()) {
                        case NO_FUSE -> CommandFailure.NO_FUSE;
                        case NO_RIGHT -> CommandFailure.DENIED;
                        case NO_DIRECTORY -> CommandFailure.NO_DIRECTORY;
                        case IN_USE -> CommandFailure.IN_USE;
                        case NOT_MOUNTED -> CommandFailure.NOT_FOUND;
                        case OTHER -> CommandFailure.FAILED;
                    },
                    obstacle.getMessage(),
                    obstacle);
        } catch (final MountFailure refused) {
            throw new CommandFailure(
                    switch (refused.trouble()) {
                        case USAGE -> CommandFailure.USAGE;
                        case NOT_FOUND -> CommandFailure.NOT_FOUND;
                        case NO_SERVER -> CommandFailure.NO_SERVER;
                        case DENIED -> CommandFailure.DENIED;
                        case FAILED -> CommandFailure.FAILED;
                    },
                    refused.getMessage(),
                    refused);
        } catch (final IllegalArgumentException notUnderstood) {
            throw new CommandFailure(CommandFailure.USAGE, notUnderstood.getMessage(), notUnderstood);
        } catch (final IOException failed) {
            throw new CommandFailure(CommandFailure.FAILED, failed.getMessage(), failed);
        }
    }
}
