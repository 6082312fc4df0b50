package io.tarn.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RaftPortTest {
    @TempDir
    Path directory;

    private int choose() {
        return RaftPort.choose(directory, NodeOptions.LOOPBACK, 0);
    }

    @Test
    void thePortStaysTheSame() {
        final int first = choose();
        assertThat(first).isPositive();
        assertThat(choose()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\0\0\0\0\0\0", "65536", "123456789012", "-1", "x"})
    void aFileThatACrashLeftTornIsReplaced(final String left) throws IOException {
        Files.writeString(directory.resolve("raft-port"), left);
        final int picked = choose();
        assertThat(picked).isPositive();
        assertThat(choose()).isEqualTo(picked);
    }
}
