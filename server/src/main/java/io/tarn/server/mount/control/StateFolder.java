package io.tarn.server.mount.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Where the mounts of one user on this machine have their socket, lock and log: {@code /run/tarn} for root, {@code $XDG_RUNTIME_DIR/tarn} or else
 * {@code /tmp/tarn-UID} for others, or what the variable {@value #VARIABLE} says. For its owner alone (mode 0700).
 *
 * @param path of it
 */
public record StateFolder(Path path) {
    /** Names another folder. */
    public static final String VARIABLE = "TARN_MOUNT_STATE";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The folder of a user, made if there is none. */
    public static StateFolder of(final Map<String, String> environment) throws IOException {
        final int user = user();
        final Path path = path(environment, user);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            try {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (final java.nio.file.FileAlreadyExistsException raced) {
                requireOurs(path, user);
            }
        }
        requireOurs(path, user);
        return new StateFolder(path.toRealPath());
    }

    private static Path path(final Map<String, String> environment, final int user) {
        final String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        if (user == 0) {
            return Path.of("/run/tarn");
        }
        final String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return runtime.isEmpty() ? Path.of("/tmp/tarn-" + user) : Path.of(runtime, "tarn");
    }

    /** Others may have put something there in a folder that all may write to. */
    private static void requireOurs(final Path path, final int user) throws IOException {
        final Map<String, Object> facts =
                Files.readAttributes(path, "unix:uid,isDirectory,permissions", LinkOption.NOFOLLOW_LINKS);
        final Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
        if (facts.get("permissions") instanceof final Set<?> permissions) {
            permissions.forEach(permission -> granted.add((PosixFilePermission) permission));
        }
        if (!facts.get("uid").equals(user) || !facts.get("isDirectory").equals(true) || !granted.equals(OWNER_ONLY)) {
            throw new IOException(path + " has to be a folder of user " + user + " with mode 0700");
        }
    }

    /** The user of this process. */
    public static int user() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Where the holder listens. */
    public String socket() {
        return path.resolve("control").toString();
    }

    /** Locked by whoever starts a holder, or ends one. */
    public Path startLock() {
        return path.resolve("lock");
    }

    /** What holder and workers have to tell. */
    public Path log() {
        return path.resolve("mount.log");
    }

    /** What the holder's Java itself has to tell. */
    public Path holderErrors() {
        return path.resolve("holder.err");
    }
}
