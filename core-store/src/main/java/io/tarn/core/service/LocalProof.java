package io.tarn.core.service;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** A file of random bytes beside the extents: a client that reads the same bytes there is on this machine and may read extents itself. */
final class LocalProof {
    static final String NAME = "local.proof";
    private static final int BYTES = 32;

    private final Path directory;
    private final byte[] sha256;

    private LocalProof(final Path directory, final byte[] sha256) {
        this.directory = directory;
        this.sha256 = sha256;
    }

    /** Writes another proof; nothing needs it after a crash. */
    static LocalProof write(final Path directory) {
        final byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        final Path file = directory.toAbsolutePath().resolve(NAME);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, bytes, StandardOpenOption.WRITE);
            return new LocalProof(
                    directory.toAbsolutePath(),
                    MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (final IOException e) {
            throw new StorageException(Failure.IO_ERROR, "no proof can be written beside the extents", e);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    Path directory() {
        return directory;
    }

    byte[] sha256() {
        return sha256.clone();
    }
}
