package io.tarn.posix.jnr;

import io.tarn.posix.fuse.MountWish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code fuse_setup} is told, as on a command line (mount.fuse(8) of libfuse 2.9). */
final class MountArguments {
    /** The most that libfuse 2 takes or gives at a time. */
    private static final int TRANSFER_BYTES = 128 << 10;

    private static final double MILLIS_PER_SECOND = 1_000;

    private MountArguments() {}

    static String[] of(final MountWish wish, final Path directory, final JnrOptions options) {
        return new String[] {"tarn", directory.toString(), "-f", "-o", String.join(",", options(wish, options))};
    }

    private static List<String> options(final MountWish wish, final JnrOptions options) {
        final var list = new ArrayList<>(List.of(
                "fsname=" + wish.source().replace("\\", "\\\\").replace(",", "\\,"),
                "subtype=tarn",
                // what lies in the directory is covered, as by any mount
                "nonempty",
                "default_permissions",
                "use_ino",
                "big_writes",
                "atomic_o_trunc",
                // a request is read where it is worked on; through a pipe it would be copied once more
                "no_splice_read",
                "no_splice_write",
                "no_splice_move",
                "max_read=" + TRANSFER_BYTES,
                "max_write=" + TRANSFER_BYTES,
                "attr_timeout=" + seconds(options.attributeTimeout()),
                "entry_timeout=" + seconds(options.entryTimeout()),
                "negative_timeout=0",
                wish.readOnly() ? "ro" : "rw",
                wish.setuid() ? "suid" : "nosuid",
                wish.devices() ? "dev" : "nodev",
                wish.executable() ? "exec" : "noexec"));
        if (wish.othersToo()) {
            list.add("allow_other");
        }
        return list;
    }

    private static String seconds(final Duration of) {
        return String.format(Locale.ROOT, "%.3f", of.toMillis() / MILLIS_PER_SECOND);
    }
}
