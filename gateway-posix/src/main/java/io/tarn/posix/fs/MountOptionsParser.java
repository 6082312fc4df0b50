package io.tarn.posix.fs;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads one {@code -o} text. The later of two that contradict each other holds, as with mount(8). */
final class MountOptionsParser {
    /** What mount(8), fstab(5) and the kernel understand, and we hand on. */
    private static final Set<String> KERNEL = Set.of(
            "defaults",
            "suid",
            "nosuid",
            "dev",
            "nodev",
            "exec",
            "noexec",
            "atime",
            "noatime",
            "diratime",
            "nodiratime",
            "relatime",
            "norelatime",
            "strictatime",
            "nostrictatime",
            "lazytime",
            "sync",
            "async",
            "dirsync",
            "auto",
            "noauto",
            "user",
            "nouser",
            "users",
            "nofail",
            "_netdev");

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);

    private boolean readOnly = MountOptions.DEFAULT.readOnly();
    private boolean allowOther = MountOptions.DEFAULT.allowOther();
    private boolean defaultPermissions = MountOptions.DEFAULT.defaultPermissions();
    private boolean squashRoot = MountOptions.DEFAULT.squashRoot();
    private boolean delegations = MountOptions.DEFAULT.delegations();
    private boolean writeBackCache = MountOptions.DEFAULT.writeBackCache();
    private OptionalInt uid = MountOptions.DEFAULT.uid();
    private OptionalInt gid = MountOptions.DEFAULT.gid();
    private OptionalInt umask = MountOptions.DEFAULT.umask();
    private Duration attributeTimeout = MountOptions.DEFAULT.attributeTimeout();
    private Duration entryTimeout = MountOptions.DEFAULT.entryTimeout();
    private Duration patience = MountOptions.DEFAULT.patience();
    private long cacheBytes = MountOptions.DEFAULT.cacheBytes();
    private int cacheEntries = MountOptions.DEFAULT.cacheEntries();
    private int openFilesMax = MountOptions.DEFAULT.openFilesMax();
    private final List<String> kernel = new ArrayList<>();

    MountOptions parse(final String text) {
        for (final String option : text.split(",", -1)) {
            if (!option.isEmpty()) {
                final int equals = option.indexOf('=');
                if (equals < 0) {
                    flag(option);
                } else {
                    value(option.substring(0, equals), option.substring(equals + 1));
                }
            }
        }
        return new MountOptions(
                readOnly,
                allowOther,
                defaultPermissions,
                squashRoot,
                writeBackCache,
                delegations,
                uid,
                gid,
                umask,
                attributeTimeout,
                entryTimeout,
                patience,
                cacheBytes,
                cacheEntries,
                openFilesMax,
                kernel);
    }

    private void flag(final String name) {
        switch (name) {
            case "ro" -> readOnly = true;
            case "rw" -> readOnly = false;
            case "allow_other" -> allowOther = true;
            case "no_allow_other" -> allowOther = false;
            case "default_permissions" -> defaultPermissions = true;
            case "root_squash" -> squashRoot = true;
            case "no_root_squash" -> squashRoot = false;
            case "writeback_cache" -> writeBackCache = true;
            case "delegations" -> delegations = true;
            case "no_delegations" -> delegations = false;
            case "uid", "gid", "umask", "attr-timeout", "entry-timeout", "timeout" -> throw lacking(name);
            case "cache-size", "cache-entries", "open-files" -> throw lacking(name);
            default -> {
                if (!KERNEL.contains(name) && !name.startsWith("x-")) {
                    throw new IllegalArgumentException("unknown mount option: " + name);
                }
                kernel.add(name);
            }
        }
    }

    private static IllegalArgumentException lacking(final String name) {
        return new IllegalArgumentException("the mount option %s needs a value: %s=…".formatted(name, name));
    }

    private void value(final String name, final String value) {
        switch (name) {
            case "uid" -> uid = OptionalInt.of(id(name, value));
            case "gid" -> gid = OptionalInt.of(id(name, value));
            case "umask" -> umask = OptionalInt.of((int) number(name, value, 8));
            case "attr-timeout" -> attributeTimeout = seconds(name, value);
            case "entry-timeout" -> entryTimeout = seconds(name, value);
            case "timeout" -> patience = seconds(name, value);
            case "cache-size" -> cacheBytes = bytes(name, value);
            case "cache-entries" -> cacheEntries = Math.toIntExact(number(name, value, 10));
            case "open-files" -> openFilesMax = Math.toIntExact(number(name, value, 10));
            default -> {
                if (!name.startsWith("x-")) {
                    throw new IllegalArgumentException("unknown mount option: " + name);
                }
                kernel.add(name + "=" + value);
            }
        }
    }

    private static IllegalArgumentException bad(final String name, final String value, final String wanted) {
        return new IllegalArgumentException("the mount option %s=%s is not %s".formatted(name, value, wanted));
    }

    /** Up to 2³¹ − 1, or where ids are concerned 2³² − 2. */
    private static long number(final String name, final String value, final int radix) {
        final String wanted = radix == 8 ? "an octal number" : "a number";
        if (value.isEmpty() || value.chars().anyMatch(digit -> Character.digit(digit, radix) < 0)) {
            throw bad(name, value, wanted);
        }
        try {
            return Integer.parseInt(value, radix);
        } catch (final NumberFormatException tooLarge) {
            throw bad(name, value, wanted + " that small");
        }
    }

    private static int id(final String name, final String value) {
        try {
            final int id = Integer.parseUnsignedInt(value);
            if (id != -1 && !value.startsWith("+")) {
                return id;
            }
        } catch (final NumberFormatException notANumber) {
            throw (IllegalArgumentException) bad(name, value, "a numeric id").initCause(notANumber);
        }
        throw bad(name, value, "a numeric id");
    }

    private static Duration seconds(final String name, final String value) {
        try {
            return Duration.ofNanos(new BigDecimal(value)
                    .multiply(NANOS_PER_SECOND)
                    .toBigInteger()
                    .longValueExact());
        } catch (final ArithmeticException | NumberFormatException notANumber) {
            throw (IllegalArgumentException)
                    bad(name, value, "a number of seconds").initCause(notANumber);
        }
    }

    private static long bytes(final String name, final String value) {
        if (value.isEmpty()) {
            throw bad(name, value, "a size");
        }
        final int shift =
                switch (Character.toUpperCase(value.charAt(value.length() - 1))) {
                    case 'K' -> 10;
                    case 'M' -> 20;
                    case 'G' -> 30;
                    default -> 0;
                };
        final String digits = shift == 0 ? value : value.substring(0, value.length() - 1);
        return number(name, digits, 10) << shift;
    }
}
