package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.posix.fs.Caller;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ways to serve a mount other than the default; needs root and /dev/fuse. */
@Timeout(60)
final class MountOptionsTest {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final Caller ROOT = new RequestCaller(0, 0, 0, 0, 0);

    private static MountedMemory mount(final SessionOptions options) throws Exception {
        return MountedMemory.mount(new MemoryFileSystem(HOUR_MILLIS), options);
    }

    @Test
    void theKernelMayGatherWrites() throws Exception {
        try (var mount = mount(SessionOptions.named("writeback").withWritebackCache(true))) {
            assertThat(mount.shell(
                            "for i in $(seq 500); do echo $i >>f; done; sync f; wc -l <f; tail -1 f; stat -c %s f"))
                    .isEqualTo("500\n500\n1892");
            assertThat(mount.shell("cp f g; truncate -s 10 g; cat g | tail -1; cmp -n 10 f g; mv g f; stat -c %s f"))
                    .isEqualTo("5\n10");
        }
    }

    @Test
    void theKernelMayRememberThatANameIsNotThereUntilItIsTold() throws Exception {
        try (var mount = mount(SessionOptions.named("negative").withNegativeMillis(HOUR_MILLIS))) {
            assertThat(mount.shell("test -e f || echo missing")).isEqualTo("missing");
            mount.fileSystem.makeNode(ROOT, 1, Key.of("f"), 0x81a4, 0);
            assertThat(mount.shell("test -e f || echo missing")).isEqualTo("missing");
            mount.fileSystem.kernel.entry(1, Key.of("f"));
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            String seen = "";
            while (!seen.equals("there") && System.nanoTime() < deadline) {
                seen = mount.shell("test -e f && echo there || true");
            }
            assertThat(seen).isEqualTo("there");
        }
    }

    @Test
    void allRequestsMayGoToVirtualThreads() throws Exception {
        try (var mount = mount(SessionOptions.named("virtual").withReaders(2, 0))) {
            assertThat(
                            mount.shell(
                                    "for i in 1 2 3 4; do (for j in $(seq 50); do echo $j >f$i; cat f$i; done | wc -l) & done; wait"))
                    .isEqualTo("50\n50\n50\n50");
        }
    }

    @Test
    void permissionsAreCheckedByTheKernelForAllUsers() throws Exception {
        try (var mount = mount(SessionOptions.named("users"))) {
            assertThat(mount.shell("chmod 755 .; echo x >f; chmod 640 f; chgrp 4242 f; "
                            + "setpriv --reuid 65534 --regid 65534 --clear-groups cat f 2>&1 | grep -o 'Permission denied'; "
                            + "setpriv --reuid 65534 --regid 65534 --groups 4242 cat f; "
                            + "setfacl -m u:65534:r f; setpriv --reuid 65534 --regid 65534 --clear-groups cat f"))
                    .isEqualTo("Permission denied\nx\nx");
        }
    }

    @Test
    void supplementaryGroupsAreReadOfTheCaller() throws Exception {
        final Process process =
                new ProcessBuilder("setpriv", "--groups", "4242,77", "sh", "-c", "echo ready; read line").start();
        try {
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
            final var caller = new RequestCaller(0, 5, (int) process.pid(), 0, 0);
            assertThat(caller.isIn(4242)).isTrue();
            assertThat(caller.isIn(77)).isTrue();
            assertThat(caller.isIn(5)).isTrue();
            assertThat(caller.isIn(42)).isFalse();
            assertThat(new RequestCaller(0, 5, 0, 0, 0).isIn(77)).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(new RequestCaller(0, 5, (int) process.pid(), 0, 0).isIn(77)).isFalse();
    }
}
