package io.tarn.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretSealTest {
    @TempDir
    Path directory;

    @Test
    void opensWhatTheSameFileSealedAndNothingElse() throws IOException {
        final Path file = directory.resolve("master.key");
        final byte[] sealed = MasterKey.readOrCreate(file).seal("id", "secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.readOrCreate(file).open("id", sealed)).isEqualTo("secret");
        assertThatThrownBy(() -> MasterKey.readOrCreate(file).open("other", sealed))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() ->
                        MasterKey.readOrCreate(directory.resolve("another.key")).open("id", sealed))
                .isInstanceOf(StorageException.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> MasterKey.readOrCreate(file).open("id", sealed))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        final Path file = directory.resolve("master.key");
        MasterKey.readOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> MasterKey.readOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600");
    }
}
