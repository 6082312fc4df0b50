package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a mount loads: the libraries of the portable transport only where that is used. */
@Timeout(120)
final class TransportFootprintTest {
    @TempDir
    Path logs;

    /** Classes that a mount of its own process has loaded when it has made a file and ended. */
    private List<String> loaded(final boolean jnr) throws Exception {
        final Path log = logs.resolve("classes-" + jnr);
        final Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "footprint-test-");
        final Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:class+load:file=" + log,
                        "-Djnr=" + jnr,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryMount.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = server.inputReader()) {
            assertThat(output.readLine()).isEqualTo("mounted");
            Files.writeString(directory.resolve("f"), "content");
            Mounting.unmount(directory, false);
            assertThat(server.waitFor()).isZero();
        } finally {
            server.destroyForcibly();
            if (MountPoints.deviceAt(directory).isPresent()) {
                Mounting.unmount(directory, true);
            }
            Files.delete(directory);
        }
        return Files.readAllLines(log);
    }

    private static boolean isOfJnr(final String line) {
        return line.matches(".* (jnr|com\\.kenai|ru\\.serce|io\\.tarn\\.posix\\.jnr)\\..*");
    }

    @Test
    void theKernelTransportLoadsNothingOfTheOther() throws Exception {
        assertThat(loaded(false)).isNotEmpty().noneMatch(TransportFootprintTest::isOfJnr);
        assertThat(loaded(true)).anyMatch(TransportFootprintTest::isOfJnr);
    }
}
