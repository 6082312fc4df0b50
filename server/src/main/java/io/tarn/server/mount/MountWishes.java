package io.tarn.server.mount;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fuse.MountWish;
import io.tarn.server.mount.control.MountDescription;
import io.tarn.server.mount.control.StateFolder;
import java.io.IOException;
import java.nio.file.Path;

/** What the kernel is asked for. */
public final class MountWishes {
    private MountWishes() {}

    /** Root's mounts are for all users and have all rights, as those of a disk; others' have what fusermount allows. */
    public static MountWish of(final MountDescription description) throws IOException {
        final MountOptions options = MountOptions.parse(description.options());
        final boolean privileged = StateFolder.user() == 0;
        boolean setuid = privileged;
        boolean devices = privileged;
        boolean executable = true;
        for (final String option : options.kernel()) {
            switch (option) {
                case "suid" -> setuid = true;
                case "nosuid" -> setuid = false;
                case "dev" -> devices = true;
                case "nodev" -> devices = false;
                case "exec" -> executable = true;
                case "noexec" -> executable = false;
                default -> {}
            }
        }
        return new MountWish(
                Path.of(description.directory()),
                description.target(),
                options.allowOther(),
                options.readOnly(),
                setuid,
                devices,
                executable);
    }
}
