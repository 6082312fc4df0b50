package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code tarn mount --transport jnr}: through libfuse 2, beside a mount of the other kind in the same process. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JnrMountCommandIT {
    @TempDir
    private static Path directory;

    private static ServerProcess server;

    @TempDir
    private Path place;

    private TestMounts mounts;

    @BeforeAll
    static void start() throws Exception {
        TestMounts.prepareCaches(directory);
        server = ServerProcess.start(directory.resolve("data"));
        server.tarn("volume", "create", "shared").expect(0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void begin() {
        mounts = new TestMounts(place, directory.resolve("data"));
    }

    @AfterEach
    void end() {
        mounts.close();
    }

    @Test
    void bothTransportsAndS3ShowTheSameBytes() {
        final Path portable = mounts.mount("shared", "--transport", "jnr");
        final Path direct = mounts.mount("shared");
        assertThat(mounts.list().findValuesAsString("transport")).containsExactly("JNR", "KERNEL");
        TestMounts.shell(portable, "mkdir -p d; echo through libfuse >d/f; chmod 640 d/f; mv d/f d/g");
        assertThat(TestMounts.shell(direct, "cat d/g; stat -c %a d/g")).isEqualTo("through libfuse\n640\n");
        TestMounts.shell(direct, "echo directly >d/h");
        assertThat(TestMounts.shell(portable, "cat d/h; ls d")).isEqualTo("directly\ng\nh\n");
        try (S3Client s3 = S3Clients.sync(server.s3())) {
            assertThat(s3.getObjectAsBytes(request -> request.bucket("shared").key("d/g"))
                            .asUtf8String())
                    .isEqualTo("through libfuse\n");
        }
        mounts.unmount(portable);
        assertThat(TestMounts.shell(direct, "cat d/g")).isEqualTo("through libfuse\n");
        mounts.unmount(direct);
    }

    @Test
    void whereItsProcessDiesTheNextOneMountsAgain() {
        final Path portable = mounts.mount("shared", "--transport", "jnr");
        TestMounts.shell(portable, "echo kept >kept");
        final long worker = mounts.worker();
        ProcessHandle.of(worker).orElseThrow().destroyForcibly();
        TestMounts.await("another process serves", () -> mounts.worker() != worker && mounts.worker() != 0);
        TestMounts.await(
                "it is mounted again",
                () -> TestMounts.isMounted(portable)
                        && TestMounts.tryShell(portable, "cat kept").out().equals("kept\n"));
        assertThat(mounts.launcher().succeed("mount", "--upgrade")).contains("new process");
        TestMounts.await(
                "it is mounted once more",
                () -> TestMounts.tryShell(portable, "cat kept").out().equals("kept\n"));
        mounts.unmount(portable);
        assertThat(mounts.list()).isEmpty();
    }
}
