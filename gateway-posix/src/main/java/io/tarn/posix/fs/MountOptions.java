package io.tarn.posix.fs;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a volume is mounted.
 *
 * @param readOnly whether everything that would change it fails with {@code EROFS}
 * @param allowOther whether users other than the one who mounts may enter; the transport's matter
 * @param defaultPermissions whether the kernel checks permission bits; the transport's matter
 * @param squashRoot whether root on this machine counts as nobody
 * @param writeBackCache whether the kernel gathers writes itself; the transport's matter
 * @param delegations whether names are written behind in directories that this mount has for itself
 * @param uid owner shown for everything
 * @param gid group shown for everything
 * @param umask bits taken off the permissions shown for everything
 * @param attributeTimeout how long attributes may be remembered while the change feed is followed
 * @param entryTimeout how long a name, or that there is none, may be remembered while the change feed is followed
 * @param patience how long a call waits for a server that is gone, before {@code EIO}
 * @param cacheBytes memory for blocks that are read ahead; 0 for none
 * @param cacheEntries names, and as many inodes, that are remembered
 * @param openFilesMax files and directories open at a time, beyond which is {@code ENFILE}
 * @param kernel mount flags that are the kernel's or mount(8)'s ({@code nosuid}, {@code noatime}, {@code _netdev} …), in order
 */
public record MountOptions(
        boolean readOnly,
        boolean allowOther,
        boolean defaultPermissions,
        boolean squashRoot,
        boolean writeBackCache,
        boolean delegations,
        OptionalInt uid,
        OptionalInt gid,
        OptionalInt umask,
        Duration attributeTimeout,
        Duration entryTimeout,
        Duration patience,
        long cacheBytes,
        int cacheEntries,
        int openFilesMax,
        List<String> kernel) {
    static final Duration TIMEOUT_MAX = Duration.ofDays(1);
    static final long CACHE_MAX_BYTES = 64L << 30;
    static final int CACHE_ENTRIES_MAX = 10_000_000;
    static final int OPEN_FILES_LIMIT = 1 << 20;

    public static final MountOptions DEFAULT = new MountOptions(
            false,
            false,
            true,
            false,
            false,
            false,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            32L << 20,
            100_000,
            1 << 16,
            List.of());

    public MountOptions {
        Objects.requireNonNull(uid);
        Objects.requireNonNull(gid);
        Objects.requireNonNull(umask);
        kernel = List.copyOf(kernel);
        requireWithin("attr-timeout", attributeTimeout);
        requireWithin("entry-timeout", entryTimeout);
        requireWithin("timeout", patience);
        requireWithin("cache-size", cacheBytes, 0, CACHE_MAX_BYTES);
        requireWithin("cache-entries", cacheEntries, 1, CACHE_ENTRIES_MAX);
        requireWithin("open-files", openFilesMax, 1, OPEN_FILES_LIMIT);
        requireWithin("umask", umask.orElse(0), 0, Modes.ALL_RIGHTS);
    }

    private static void requireWithin(final String option, final Duration value) {
        if (value.isNegative() || value.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "%s is 0 to %d seconds, not %s".formatted(option, TIMEOUT_MAX.toSeconds(), value));
        }
    }

    private static void requireWithin(final String option, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d to %d, not %d".formatted(option, least, most, value));
        }
    }

    /**
     * Reads options as {@code mount -o} has them, separated by commas; what is not named is as in {@link #DEFAULT}.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static MountOptions parse(final String text) {
        return new MountOptionsParser().parse(text);
    }
}
