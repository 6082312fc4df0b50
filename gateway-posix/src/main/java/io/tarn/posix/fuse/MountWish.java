package io.tarn.posix.fuse;

import java.nio.file.Path;

/**
 * A mount to be made. Permissions are always checked by the kernel ({@code default_permissions}).
 *
 * @param directory to mount over
 * @param source what {@code mount} and {@code df} show as the device
 * @param othersToo whether users other than the one who mounts may use it ({@code allow_other})
 * @param readOnly {@code ro}
 * @param setuid whether set-id bits of programs count; for root only
 * @param devices whether device nodes work; for root only
 * @param executable whether programs may be run from it
 */
public record MountWish(
        Path directory,
        String source,
        boolean othersToo,
        boolean readOnly,
        boolean setuid,
        boolean devices,
        boolean executable) {
    private static final int SOURCE_CHARACTERS = 256;

    public MountWish {
        if (source.isEmpty()
                || source.length() > SOURCE_CHARACTERS
                || source.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("not a name to show for a mount: " + source);
        }
    }

    /** For the user who mounts, and nothing that could raise a privilege. */
    public static MountWish of(final Path directory, final String source) {
        return new MountWish(directory, source, false, false, false, false, true);
    }

    public MountWish forOthersToo() {
        return new MountWish(directory, source, true, readOnly, setuid, devices, executable);
    }

    public MountWish asReadOnly() {
        return new MountWish(directory, source, othersToo, true, setuid, devices, executable);
    }

    /** With set-id bits and device nodes that work, as on a local disk. */
    public MountWish withPrivileges() {
        return new MountWish(directory, source, othersToo, readOnly, true, true, executable);
    }

    public MountWish withoutExecution() {
        return new MountWish(directory, source, othersToo, readOnly, setuid, devices, false);
    }
}
