package io.tarn.bench.mount.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallFilesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void whatWasMadeIsReadOnceEachAndRemoved() throws IOException, InterruptedException {
        final SmallFiles files = new SmallFiles(directory, 2);
        assertThat(files.make(30, LONG, true).tally().operations()).isEqualTo(60);
        assertThat(directory.resolve("w1/f00000029")).hasSize(4096);
        assertThat(files.readEach(1000, LONG).tally().operations()).isEqualTo(60);
        assertThat(files.remove(LONG).tally().operations()).isEqualTo(60);
        assertThat(directory.resolve("w1")).isEmptyDirectory();
    }

    @Test
    void anotherFilesContentIsNoticed() throws IOException, InterruptedException {
        final SmallFiles files = new SmallFiles(directory, 1);
        files.make(2, LONG, false);
        Files.copy(directory.resolve("w0/f00000000"), directory.resolve("copy"));
        Files.move(directory.resolve("copy"), directory.resolve("w0/f00000001"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> files.readEach(2, LONG))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("file 1 of worker 0 does not hold what was written");
    }

    @Test
    void aFileThatIsGoneFailsInTheKernelsWords() throws IOException, InterruptedException {
        final SmallFiles files = new SmallFiles(directory, 1);
        files.make(1, LONG, false);
        Files.delete(directory.resolve("w0/f00000000"));
        assertThatThrownBy(() -> files.lookAgain(1, LONG)).hasMessage("statx: No such file or directory");
    }
}
