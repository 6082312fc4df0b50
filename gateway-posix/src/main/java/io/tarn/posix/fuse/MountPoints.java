package io.tarn.posix.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is mounted where, by {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)), which asks no mount anything and so never hangs. */
final class MountPoints {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int DEVICE_FIELD = 2;
    private static final int DIRECTORY_FIELD = 4;
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private MountPoints() {}

    /** {@code major:minor} of what is mounted on a directory, the topmost; empty when nothing is. */
    static Optional<String> deviceAt(final Path directory) throws IOException {
        try (Stream<String> lines = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(" "))
                    .filter(fields -> Path.of(unescape(fields[DIRECTORY_FIELD])).equals(directory))
                    .map(fields -> fields[DEVICE_FIELD])
                    .reduce((below, above) -> above);
        }
    }

    /** Blanks, backslashes and what ends a line stand there in octal, all else as the bytes it is. */
    private static String unescape(final String field) {
        final String raw = OCTAL.matcher(field).replaceAll(match -> {
            final char character = (char) Integer.parseInt(match.group(1), 8);
            return character == '\\' ? "\\\\" : character == '$' ? "\\$" : String.valueOf(character);
        });
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The directory without links in its path, fit to be mounted over. */
    static Path free(final Path wanted) throws IOException {
        final Path directory;
        try {
            directory = wanted.toRealPath();
            if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
                throw new MountException(MountException.Reason.NO_DIRECTORY, wanted + " is not a directory");
            }
        } catch (final NoSuchFileException missing) {
            throw new MountException(
                    MountException.Reason.NO_DIRECTORY, wanted + " does not exist: make the directory first", missing);
        } catch (final FileSystemException failed) {
            if (deviceAt(wanted.toAbsolutePath().normalize()).isPresent()) {
                throw new MountException(
                        MountException.Reason.IN_USE,
                        wanted + " is what is left of a mount whose server died: unmount it first (umount -l)",
                        failed);
            }
            throw new MountException(wanted + " cannot be mounted over: " + failed.getReason(), failed);
        }
        if (deviceAt(directory).isPresent()) {
            throw new MountException(
                    MountException.Reason.IN_USE, wanted + " is in use: something is mounted there already");
        }
        return directory;
    }
}
