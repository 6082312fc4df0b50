package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.posix.linux.Descriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Making mounts and taking them away; needs root, /dev/fuse and fusermount3. */
@Timeout(60)
final class MountingTest {
    private Path directory;

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "fusewire-test-");
    }

    @AfterEach
    void removeDirectory() throws Exception {
        if (MountPoints.deviceAt(directory).isPresent()) {
            Mounting.unmount(directory, true);
        }
        Files.delete(directory);
    }

    @Test
    void whatCannotBeMountedOverIsNamed() throws Exception {
        assertThatThrownBy(() -> Mounting.mount(MountWish.of(directory.resolve("missing"), "x")))
                .isInstanceOf(MountException.class)
                .hasMessageContaining("does not exist");
        final Path file = Files.createTempFile(Path.of("/var/tmp"), "fusewire-test-", "");
        try {
            assertThatThrownBy(() -> Mounting.mount(MountWish.of(file, "x")))
                    .isInstanceOf(MountException.class)
                    .hasMessageContaining("not a directory");
        } finally {
            Files.delete(file);
        }
        assertThatThrownBy(() -> Mounting.unmount(directory, false))
                .isInstanceOf(MountException.class)
                .hasMessageContaining("nothing is mounted");
    }

    @Test
    void theHelperMountsAndUnmounts() throws Exception {
        try (var buffers = new RequestBuffers(8);
                var session = FuseSession.begin(
                        Mounting.mountThroughHelper(
                                MountWish.of(directory, "comma,source").asReadOnly()),
                        new MemoryFileSystem(0),
                        SessionOptions.named("helper"),
                        buffers)) {
            assertThat(mounts()).contains(directory + " ro,").contains("fuse.tarn comma,source ");
            Mounting.unmountThroughHelper(directory, false);
            assertThat(session.await()).isEqualTo(new SessionEnd.Unmounted());
        }
        assertThatThrownBy(() -> Mounting.unmountThroughHelper(directory, false))
                .isInstanceOf(MountException.class)
                .hasMessageContaining("fusermount3");
    }

    private static String mounts() throws Exception {
        return Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8);
    }

    @Test
    void readAheadIsRaised() throws Exception {
        try (var buffers = new RequestBuffers(8);
                var session = FuseSession.begin(
                        Mounting.mount(MountWish.of(directory, "x")),
                        new MemoryFileSystem(0),
                        SessionOptions.named("ahead"),
                        buffers)) {
            assertThat(Mounting.raiseReadAhead(directory, 1 << 20)).isTrue();
            final Path setting =
                    Path.of("/sys/class/bdi", MountPoints.deviceAt(directory).orElseThrow(), "read_ahead_kb");
            assertThat(Files.readString(setting)).isEqualTo("1024\n");
            Mounting.unmount(directory, false);
            session.await();
        }
    }

    /** A server of its own process that dies without a word. */
    @Test
    void whatAKilledServerLeavesIsNamedAndTakenAway() throws Exception {
        final Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryMount.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(server.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("mounted");
            Files.writeString(directory.resolve("f"), "x");
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
        assertThatThrownBy(() -> Files.size(directory.resolve("f")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not connected");
        assertThatThrownBy(() -> Mounting.mount(MountWish.of(directory, "x")))
                .isInstanceOf(MountException.class)
                .hasMessageContaining("umount -l");
        Mounting.unmount(directory, true);
        assertThat(Files.list(directory)).isEmpty();
    }

    @Test
    void whatIsNoConnectionIsRefused() throws Exception {
        try (var buffers = new RequestBuffers(8)) {
            assertThatThrownBy(() -> FuseSession.begin(
                            Descriptor.open("/dev/zero"),
                            new MemoryFileSystem(0),
                            SessionOptions.named("zero"),
                            buffers))
                    .isInstanceOf(MalformedRequestException.class);
        }
    }
}
