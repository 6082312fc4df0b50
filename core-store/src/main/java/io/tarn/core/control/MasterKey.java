package io.tarn.core.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** The file with the master key of {@link SecretSeal}: raw bytes, readable by its owner alone. */
public final class MasterKey {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private MasterKey() {}

    /**
     * Reads the key, or makes and keeps one durably when the file does not exist. A crash meanwhile leaves no file or a whole one.
     *
     * @throws IOException when it cannot be read or written, has another length, or others than its owner may read it
     */
    public static SecretSeal readOrCreate(final Path file) throws IOException {
        if (Files.notExists(file)) {
            create(file);
        }
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException(file + " has permissions " + PosixFilePermissions.toString(permissions)
                    + ", but only its owner may read the master key: chmod 600 it");
        }
        final byte[] key = Files.readAllBytes(file);
        if (key.length != SecretSeal.KEY_BYTES) {
            throw new IOException(file + " has " + key.length + " bytes, but a master key has " + SecretSeal.KEY_BYTES);
        }
        return new SecretSeal(key);
    }

    private static void create(final Path file) throws IOException {
        final byte[] key = new byte[SecretSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        final Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        final var attributes = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        try (FileChannel channel =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            final ByteBuffer bytes = ByteBuffer.wrap(key);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
