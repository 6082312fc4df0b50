package io.tarn.posix.fuse;

import io.tarn.posix.linux.ChildProcess;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.LinuxException;
import io.tarn.posix.linux.MountTable;
import io.tarn.posix.linux.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes mounts and takes them away: root by mount(2), others through {@code fusermount3}, which is installed set-uid root, opens {@code /dev/fuse}
 * for them, and sends the descriptor over a socket (mount.fuse3(8)). A mount that was made hangs until its descriptor is served.
 */
public final class Mounting {
    private static final String DEVICE = "/dev/fuse";
    private static final String HELPER = "fusermount3";
    private static final String SUBTYPE = "tarn";
    private static final String DIRECTORY_MODE = "40000";
    private static final int BYTES_PER_KIBIBYTE = 1024;

    private Mounting() {}

    /**
     * Mounts.
     *
     * @return the connection to the kernel, for {@link FuseSession#begin}
     * @throws MountException when it cannot be
     */
    public static Descriptor mount(final MountWish wish) throws IOException {
        return isRoot() ? mountDirectly(wish) : mountThroughHelper(wish);
    }

    /**
     * Whether a mount could be made on a directory, so that this is known before anything else is done.
     *
     * @return the directory without links in its path
     * @throws MountException when it is not there or in use, or the machine has no FUSE
     */
    public static Path requireMountable(final Path directory) throws IOException {
        final Path real = MountPoints.free(directory);
        if (isRoot()) {
            open().close();
        }
        return real;
    }

    /**
     * Whether this process may open the kernel's device itself, which those need who leave that to a library.
     *
     * @throws MountException when it may not
     */
    public static void requireDevice() throws MountException {
        open().close();
    }

    /** Whether something is mounted on a directory, named as the kernel names it; nobody needs to be there to answer. */
    public static boolean isMounted(final Path directory) throws IOException {
        return MountPoints.deviceAt(directory).isPresent();
    }

    /**
     * The directory of a mount as the kernel names it. The mount is not asked, as nobody may be there to answer.
     *
     * @throws MountException when nothing is mounted there
     */
    public static Path mountedOn(final Path directory) throws IOException {
        final Path named = directory.toAbsolutePath().normalize();
        if (MountPoints.deviceAt(named).isPresent()) {
            return named;
        }
        final Path resolved = named.getParent() == null ? named : real(named);
        if (MountPoints.deviceAt(resolved).isEmpty()) {
            throw new MountException(MountException.Reason.NOT_MOUNTED, "nothing is mounted on " + directory);
        }
        return resolved;
    }

    private static Path real(final Path directory) throws IOException {
        final Path parent = directory.getParent().toRealPath();
        final Path below = parent.resolve(directory.getFileName());
        return MountPoints.deviceAt(below).isPresent() ? below : below.toRealPath();
    }

    static Descriptor mountDirectly(final MountWish wish) throws IOException {
        final Path directory = MountPoints.free(wish.directory());
        final Descriptor device = open();
        try {
            MountTable.mount(
                    wish.source(), directory.toString(), "fuse." + SUBTYPE, flags(wish), options(wish, device));
            return device;
        } catch (final LinuxException failed) {
            device.close();
            throw new MountException(
                    switch (failed.errno()) {
                        case LinuxException.EPERM, LinuxException.EACCES -> MountException.Reason.NO_RIGHT;
                        case LinuxException.EBUSY -> MountException.Reason.IN_USE;
                        case LinuxException.ENODEV -> MountException.Reason.NO_FUSE;
                        default -> MountException.Reason.OTHER;
                    },
                    switch (failed.errno()) {
                        case LinuxException.EPERM, LinuxException.EACCES ->
                            "no right to mount (CAP_SYS_ADMIN is needed): " + failed.getMessage();
                        case LinuxException.EBUSY -> wish.directory() + " is in use";
                        case LinuxException.ENODEV -> "the kernel has no FUSE: load the module fuse";
                        default -> failed.getMessage();
                    },
                    failed);
        }
    }

    private static Descriptor open() throws MountException {
        try {
            return Descriptor.open(DEVICE);
        } catch (final LinuxException failed) {
            throw new MountException(
                    switch (failed.errno()) {
                        case LinuxException.ENOENT, LinuxException.ENODEV -> MountException.Reason.NO_FUSE;
                        case LinuxException.EPERM, LinuxException.EACCES -> MountException.Reason.NO_RIGHT;
                        default -> MountException.Reason.OTHER;
                    },
                    switch (failed.errno()) {
                        case LinuxException.ENOENT, LinuxException.ENODEV ->
                            "there is no " + DEVICE + ": load the kernel's module fuse, or give it to the container";
                        case LinuxException.EPERM, LinuxException.EACCES -> "no right to open " + DEVICE;
                        default -> failed.getMessage();
                    },
                    failed);
        }
    }

    private static long flags(final MountWish wish) {
        return (wish.readOnly() ? MountTable.READ_ONLY : 0)
                | (wish.setuid() ? 0 : MountTable.NO_SETUID)
                | (wish.devices() ? 0 : MountTable.NO_DEVICES)
                | (wish.executable() ? 0 : MountTable.NO_EXECUTION);
    }

    private static String options(final MountWish wish, final Descriptor device) throws IOException {
        return "fd=" + device.number() + ",rootmode=" + DIRECTORY_MODE + ",user_id=" + own("unix:uid") + ",group_id="
                + own("unix:gid") + ",default_permissions,max_read=" + RequestBuffer.TRANSFER_BYTES
                + (wish.othersToo() ? ",allow_other" : "");
    }

    static Descriptor mountThroughHelper(final MountWish wish) throws IOException {
        final Path directory = MountPoints.free(wish.directory());
        final UnixSocket.Pair sockets = UnixSocket.pair();
        final ChildProcess.Ended ended;
        try (var here = sockets.first()) {
            try (var there = sockets.second()) {
                ended = ChildProcess.run(
                        List.of(HELPER, "-o", helperOptions(wish), "--", directory.toString()),
                        Optional.of(there.descriptor()),
                        Map.of(
                                "_FUSE_COMMFD",
                                Integer.toString(there.descriptor().number())));
            }
            // the helper has ended, and the only other end is closed: what it sent is there, or never will be
            final Optional<UnixSocket.Message> message = here.receive();
            if (ended.status() != 0
                    || message.isEmpty()
                    || message.get().descriptors().size() != 1) {
                message.ifPresent(got -> got.descriptors().forEach(Descriptor::close));
                throw new MountException(
                        reasonOfHelper(),
                        wish.directory() + " could not be mounted: "
                                + (ended.complaint().isEmpty()
                                        ? HELPER + " ended with " + ended.status()
                                        : ended.complaint()));
            }
            return message.get().descriptors().getFirst();
        } catch (final LinuxException failed) {
            if (failed.errno() == LinuxException.ENOENT) {
                throw new MountException(
                        MountException.Reason.NO_FUSE,
                        HELPER + " is not installed (package fuse3), and only root can mount without it",
                        failed);
            }
            throw failed;
        }
    }

    /** What the helper tells in words only. */
    private static MountException.Reason reasonOfHelper() {
        final Path device = Path.of(DEVICE);
        if (!Files.exists(device)) {
            return MountException.Reason.NO_FUSE;
        }
        return Files.isReadable(device) && Files.isWritable(device)
                ? MountException.Reason.OTHER
                : MountException.Reason.NO_RIGHT;
    }

    private static String helperOptions(final MountWish wish) {
        final var options = new ArrayList<String>();
        options.add("fsname=" + wish.source().replace("\\", "\\\\").replace(",", "\\,"));
        options.add("subtype=" + SUBTYPE);
        options.add("default_permissions");
        options.add("max_read=" + RequestBuffer.TRANSFER_BYTES);
        options.add(wish.readOnly() ? "ro" : "rw");
        options.add(wish.setuid() ? "suid" : "nosuid");
        options.add(wish.devices() ? "dev" : "nodev");
        options.add(wish.executable() ? "exec" : "noexec");
        if (wish.othersToo()) {
            options.add("allow_other");
        }
        return String.join(",", options);
    }

    /**
     * Takes a mount away, dead ones too.
     *
     * @param lazily from the names at once, though programs still use it; otherwise fails while they do
     */
    public static void unmount(final Path directory, final boolean lazily) throws IOException {
        try {
            if (isRoot()) {
                MountTable.unmount(directory.toString(), lazily);
            } else {
                unmountThroughHelper(directory, lazily);
            }
        } catch (final LinuxException failed) {
            throw new MountException(
                    switch (failed.errno()) {
                        case LinuxException.EBUSY -> MountException.Reason.IN_USE;
                        case LinuxException.EINVAL -> MountException.Reason.NOT_MOUNTED;
                        case LinuxException.ENOENT, LinuxException.ENOTDIR -> MountException.Reason.NO_DIRECTORY;
                        case LinuxException.EPERM -> MountException.Reason.NO_RIGHT;
                        default -> MountException.Reason.OTHER;
                    },
                    switch (failed.errno()) {
                        case LinuxException.EBUSY -> directory + " is in use by programs";
                        case LinuxException.EINVAL -> "nothing is mounted on " + directory;
                        default -> failed.getMessage();
                    },
                    failed);
        }
    }

    static void unmountThroughHelper(final Path directory, final boolean lazily) throws IOException {
        final var command = new ArrayList<>(List.of(HELPER, "-u"));
        if (lazily) {
            command.add("-z");
        }
        command.addAll(List.of("--", directory.toString()));
        final ChildProcess.Ended ended = ChildProcess.run(command, Optional.empty(), Map.of());
        if (ended.status() != 0) {
            throw new MountException(
                    MountPoints.deviceAt(directory).isEmpty()
                            ? MountException.Reason.NOT_MOUNTED
                            : MountException.Reason.IN_USE,
                    directory + " could not be unmounted: " + ended.complaint());
        }
    }

    /**
     * Lets the kernel read ahead farther than the 128 KiB it begins with, which bound the requests of a program that reads in order. For root
     * only, and only where {@code /sys} may be written.
     *
     * @return whether it was done
     */
    public static boolean raiseReadAhead(final Path directory, final int bytes) throws IOException {
        final Optional<String> device =
                MountPoints.deviceAt(directory.toAbsolutePath().normalize());
        if (device.isEmpty()) {
            return false;
        }
        final Path setting = Path.of("/sys/class/bdi", device.get(), "read_ahead_kb");
        if (!Files.isWritable(setting)) {
            return false;
        }
        try {
            Files.writeString(setting, Integer.toString(bytes / BYTES_PER_KIBIBYTE));
            return true;
        } catch (final NoSuchFileException gone) {
            return false;
        }
    }

    private static boolean isRoot() throws IOException {
        return own("unix:uid") == 0;
    }

    private static int own(final String attribute) throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), attribute);
    }
}
