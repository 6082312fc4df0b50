package io.tarn.server.mount.holder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BoundedLogTest {
    private static final int LIMIT_BYTES = 1_000;
    private static final int LINES = 200;

    @TempDir
    private Path directory;

    @Test
    void twoFilesOfBoundedSizeHaveTheLastLines() throws Exception {
        final Path file = directory.resolve("log");
        try (BoundedLog log = new BoundedLog(file, LIMIT_BYTES)) {
            for (int i = 1; i <= LINES; i++) {
                log.write("line " + i);
            }
        }
        final Path before = directory.resolve("log.1");
        assertThat(Files.size(file)).isBetween(1L, (long) LIMIT_BYTES);
        assertThat(Files.size(before)).isBetween(1L, (long) LIMIT_BYTES);
        assertThat(Files.readAllLines(file)).last().isEqualTo("line " + LINES);
        final String last = Files.readAllLines(before).getLast();
        final String first = Files.readAllLines(file).getFirst();
        assertThat(Integer.parseInt(first.substring(5))).isEqualTo(Integer.parseInt(last.substring(5)) + 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anEarlierLogIsGoneOnWith() throws Exception {
        final Path file = directory.resolve("log");
        try (BoundedLog log = new BoundedLog(file, LIMIT_BYTES)) {
            log.write("earlier");
        }
        try (BoundedLog log = new BoundedLog(file, LIMIT_BYTES)) {
            log.say("later");
        }
        assertThat(Files.readString(file)).startsWith("earlier\n").endsWith(" holder: later\n");
    }
}
