package io.tarn.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealFilesTest extends FileLayerContract {
    @TempDir
    private Path directory;

    @Override
    FileLayer layer() {
        return new RealFiles();
    }

    @Override
    Path root() {
        return directory;
    }

    @Test
    void fullDisksAndQuotasAreToldFromBrokenOnes() {
        assertThat(Errno.meaning(Errno.ENOSPC)).isEqualTo(Failure.OUT_OF_SPACE);
        assertThat(Errno.meaning(Errno.EDQUOT)).isEqualTo(Failure.OUT_OF_SPACE);
        assertThat(Errno.meaning(5)).isEqualTo(Failure.IO_ERROR);
    }

    @Test
    void anInterruptedThreadNeitherFailsNorClosesTheFile() {
        try (StoredFile file = layer().create(directory.resolve("a"))) {
            Thread.currentThread().interrupt();
            file.write(0, ByteBuffer.wrap(new byte[10]));
            assertThat(Thread.interrupted()).isTrue();
            file.force();
            assertThat(file.size()).isEqualTo(10);
        }
    }
}
