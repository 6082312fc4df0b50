package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code tarn mount} as a shell, mount(8) and an ordinary user call it; run as root. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MountCommandIT {
    private static final int USAGE = 2;
    private static final int NOT_FOUND = 3;
    private static final int NO_SERVER = 4;
    private static final int DENIED = 5;
    private static final int IN_USE = 7;
    private static final int NO_DIRECTORY = 8;
    private static final int INTERRUPTED = 128 + 15;
    private static final int MOUNT_FAILED = 32;
    private static final int NOBODY = 65534;
    private static final long RSS_KIB_MAX = 220 << 10;
    private static final long ONE_MORE_KIB_MAX = 8 << 10;
    private static final int MORE_MOUNTS = 10;

    @TempDir
    private static Path directory;

    private static ServerProcess server;
    private TestMounts mounts;

    @TempDir
    private Path place;

    @BeforeAll
    static void start() throws Exception {
        TestMounts.prepareCaches(directory);
        server = ServerProcess.start(directory.resolve("data"));
        server.tarn("volume", "create", "first").expect(0);
        server.tarn("volume", "create", "second").expect(0);
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
    void aVolumeIsMountedListedAndUnmounted() {
        final Path first = mounts.mount("first");
        assertThat(TestMounts.shell(first, "echo bytes >f; cat f")).isEqualTo("bytes\n");
        assertThat(mounts.launcher().succeed("mount", "--list")).contains("MOUNT", "first", first.toString(), "served");
        assertThat(mounts.only("directory")).contains(first.toString());
        final long holder = mounts.holder();
        mounts.unmount(first);
        TestMounts.awaitGone(holder);
        assertThat(mounts.list()).isEmpty();
        mounts.launcher().run("umount", first).expect(NOT_FOUND);
        assertThat(mounts.launcher().succeed("mount", "--upgrade")).contains("nothing is mounted");
    }

    @Test
    void aHolderWhoseFolderWasRemovedEndsWithItsLastMount() {
        final Path first = mounts.mount("first");
        final long holder = mounts.holder();
        mounts.removeState();
        TestMounts.shell(first.getParent(), "umount " + first.getFileName());
        TestMounts.awaitGone(holder);
    }

    @Test
    void oneProcessServesAllVolumesAndS3SeesTheSameBytes() {
        final Path first = mounts.mount("first");
        final Path second = mounts.mount("second", "-o", "ro");
        assertThat(mounts.list().findValuesAsString("worker")).hasSize(2).containsOnly(Long.toString(mounts.worker()));
        try (S3Client s3 = S3Clients.sync(server.s3())) {
            TestMounts.shell(first, "mkdir -p deep/er; echo from the mount >deep/er/file");
            assertThat(s3.getObjectAsBytes(request -> request.bucket("first").key("deep/er/file"))
                            .asUtf8String())
                    .isEqualTo("from the mount\n");
            s3.putObject(request -> request.bucket("second").key("a/b"), RequestBody.fromString("from S3"));
        }
        assertThat(TestMounts.shell(second, "cat a/b")).isEqualTo("from S3");
        assertThat(TestMounts.tryShell(second, "echo x >c").err()).contains("Read-only file system");
        final Path below = mounts.mount("first/deep/er");
        assertThat(TestMounts.shell(below, "ls; cat file")).isEqualTo("file\nfrom the mount\n");
        mounts.unmount(first);
        assertThat(TestMounts.shell(below, "cat file")).isEqualTo("from the mount\n");
        assertThat(mounts.list()).hasSize(2);
    }

    @Test
    void whatCannotBeIsToldInTheForegroundAndLeavesNothing() throws IOException {
        final Path free = mounts.place("free");
        assertThat(mounts.tryMount("no-such-volume", free).expect(NOT_FOUND).err())
                .contains("there is no volume no-such-volume");
        assertThat(mounts.tryMount("first/no/such", free).expect(NOT_FOUND).err())
                .contains("volume first has no directory no/such");
        assertThat(mounts.tryMount("first", place.resolve("missing"))
                        .expect(NO_DIRECTORY)
                        .err())
                .contains("does not exist");
        assertThat(mounts.tryMount("first", Files.createFile(place.resolve("file")))
                        .expect(NO_DIRECTORY)
                        .err())
                .contains("is not a directory");
        assertThat(mounts.tryMount("first", free, "-o", "nonsense")
                        .expect(USAGE)
                        .err())
                .contains("unknown mount option: nonsense");
        assertThat(mounts.tryMount("first").expect(USAGE).err()).contains("VOLUME and DIR");
        assertThat(mounts.tryMount("first", free, "--endpoint", "127.0.0.1:1")
                        .expect(NO_SERVER)
                        .err())
                .contains("no server answers at 127.0.0.1:1");
        assertThat(mounts.tryMount("first", free, "--secret", "wrong-secret-wrong")
                        .expect(DENIED)
                        .err())
                .startsWith("tarn: ");
        assertThat(TestMounts.isMounted(free)).isFalse();
        final Path used = mounts.mount("first");
        assertThat(mounts.tryMount("first", used).expect(IN_USE).err()).contains("is in use");
        assertThat(mounts.list()).hasSize(1);
    }

    @Test
    void aMountInUseStaysUnlessItIsTakenAwayLazily() throws Exception {
        final Path first = mounts.mount("first");
        final Process user =
                new ProcessBuilder("sleep", "300").directory(first.toFile()).start();
        try {
            assertThat(mounts.launcher().run("umount", first).expect(IN_USE).err())
                    .contains("in use");
            assertThat(TestMounts.isMounted(first)).isTrue();
            mounts.launcher().succeed("umount", "--lazy", first);
            assertThat(TestMounts.isMounted(first)).isFalse();
            assertThat(mounts.list()).hasSize(1);
        } finally {
            user.destroyForcibly().waitFor();
        }
        TestMounts.await("the end of the mount", () -> mounts.list().isEmpty());
    }

    @Test
    void umountOfTheSystemIsNoticed() {
        final Path first = mounts.mount("first");
        final Path second = mounts.mount("second");
        final long holder = mounts.holder();
        new Program(Path.of("/bin/umount"), Map.of()).succeed(first);
        TestMounts.await("one mount is left", () -> mounts.list().size() == 1);
        assertThat(mounts.only("directory")).contains(second.toString());
        new Program(Path.of("/bin/umount"), Map.of()).succeed(second);
        TestMounts.awaitGone(holder);
    }

    @Test
    void inTheForegroundItStaysUntilItIsUnmountedOrToldToGo() throws Exception {
        final Path first = mounts.place("foreground");
        final Process unmounted = foreground(first);
        new Program(Path.of("/bin/umount"), Map.of()).succeed(first);
        assertThat(unmounted.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(unmounted.exitValue()).isZero();
        final Process told = foreground(first);
        told.destroy();
        assertThat(told.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(told.exitValue()).isEqualTo(INTERRUPTED);
        assertThat(TestMounts.isMounted(first)).isFalse();
    }

    private Process foreground(final Path on) throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(
                        Distribution.launcher().toString(),
                        "mount",
                        "first",
                        on.toString(),
                        "-f",
                        "--data",
                        directory.resolve("data").toString())
                .inheritIO();
        builder.environment().putAll(mounts.environment());
        final Process process = builder.start();
        TestMounts.await(
                "mounted in the foreground",
                () -> !process.isAlive()
                        || mounts.only("state").filter("served"::equals).isPresent());
        assertThat(process.isAlive()).isTrue();
        assertThat(TestMounts.shell(on, "ls")).isNotNull();
        return process;
    }

    @Test
    void mountsHelperServesLinesOfFstab() throws IOException {
        final Path helper = Path.of("/sbin/mount.fuse.tarn");
        final boolean ours = !Files.exists(helper);
        if (ours) {
            Files.createSymbolicLink(helper, Distribution.launcher());
        }
        try {
            final Path byHand = mounts.place("by-hand");
            final Program mount = mounts.with(Path.of("/bin/mount"), Map.of());
            mount.succeed("-t", "fuse.tarn", "first", byHand, "-o", "ro,data=" + directory.resolve("data"));
            assertThat(TestMounts.tryShell(byHand, "echo >x").err()).contains("Read-only");
            final Path byTable = mounts.place("by-table");
            final Path table = place.resolve("fstab");
            Files.writeString(
                    table,
                    "second %s fuse.tarn noauto,_netdev,x-note=1,data=%s 0 0%n"
                            .formatted(byTable, directory.resolve("data")));
            mount.succeed("-T", table, byTable);
            TestMounts.shell(byTable, "echo by the table >t; cat t");
            assertThat(mounts.list()).hasSize(2);
            mount.run("-t", "fuse.tarn", "no-such-volume", place, "-o", "data=" + directory.resolve("data"))
                    .expect(MOUNT_FAILED);
        } finally {
            if (ours) {
                Files.delete(helper);
            }
        }
    }

    @Test
    void anOrdinaryUserMountsThroughTheSystemsHelper() throws IOException {
        // below a folder that others may enter, unlike those of JUnit
        final Path home = Files.createTempDirectory(Path.of("/var/tmp"), "tarn-nobody");
        final Path device = Path.of("/dev/fuse");
        final var permissions = Files.getPosixFilePermissions(device);
        // as udev has it everywhere
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (TestMounts theirs = new TestMounts(home, directory.resolve("data"))) {
            final Path on = theirs.place("m");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (final Path path : List.of(home, on)) {
                Files.setAttribute(path, "unix:uid", NOBODY);
                Files.setAttribute(path, "unix:gid", NOBODY);
            }
            final Map<String, String> key = Map.of(
                    "HOME",
                    home.toString(),
                    "TARN_ENDPOINT",
                    server.admin().toString(),
                    "TARN_ACCESS_KEY",
                    ServerProcess.ACCESS_KEY,
                    "TARN_SECRET_KEY",
                    ServerProcess.SECRET_KEY);
            final Program nobody = theirs.with(Path.of("/usr/bin/setpriv"), key);
            final List<Object> as = List.of(
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    Distribution.launcher().toString());
            nobody.run(as.get(0), as.get(1), as.get(2), as.get(3), "mount", "first", on)
                    .expect(0);
            assertThat(TestMounts.isMounted(on)).isTrue();
            assertThat(nobody.succeed(
                            as.get(0), as.get(1), as.get(2), "sh", "-c", "cd " + on + " && ls -A && stat -f ."))
                    .isNotEmpty();
            assertThat(TestMounts.tryShell(on, "ls").exitCode())
                    .as("the user's own, not even root's")
                    .isNotZero();
            assertThat(nobody.succeed(as.get(0), as.get(1), as.get(2), as.get(3), "mount", "--list"))
                    .contains("first", "served");
            nobody.run(as.get(0), as.get(1), as.get(2), as.get(3), "umount", on).expect(0);
            assertThat(TestMounts.isMounted(on)).isFalse();
        } finally {
            Files.setPosixFilePermissions(device, permissions);
            new Program(Path.of("/bin/rm"), Map.of()).run("-rf", "--one-file-system", home);
        }
    }

    @Test
    void theControlSocketIsItsOwnersAlone() throws IOException {
        mounts.mount("first");
        final Path state = place.resolve("state");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(mounts.launcher().run("mount", "--list").expect(1).err()).contains("mode 0700");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.readString(state.resolve("mount.log"), StandardCharsets.UTF_8))
                .doesNotContain(ServerProcess.SECRET_KEY);
    }

    @Test
    void aMountCostsLittleMemoryAndOneMoreNextToNothing() {
        mounts.mount("first");
        final long one = residentKib(mounts.holder()) + residentKib(mounts.worker());
        System.out.printf(
                "memory: holder %d MiB, worker %d MiB%n",
                residentKib(mounts.holder()) >> 10, residentKib(mounts.worker()) >> 10);
        assertThat(one).isLessThan(RSS_KIB_MAX);
        final long worker = mounts.worker();
        final long before = residentKib(worker);
        for (int i = 0; i < MORE_MOUNTS; i++) {
            TestMounts.shell(mounts.mount("second"), "ls; echo bytes >f%d; cat f%d".formatted(i, i));
        }
        final long each = (residentKib(worker) - before) / MORE_MOUNTS;
        System.out.printf("memory: %d KiB for one more mount%n", each);
        assertThat(each).isLessThan(ONE_MORE_KIB_MAX);
    }

    private static long residentKib(final long process) {
        return Long.parseLong(new Program(Path.of("/bin/sh"), Map.of())
                .succeed("-c", "sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/" + process + "/status")
                .strip());
    }
}
