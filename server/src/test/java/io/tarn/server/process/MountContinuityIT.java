package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts outlive the process that serves them: programs see a pause. Run as root. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class MountContinuityIT {
    private static final long SEED = Long.getLong("tarn.seed", 20_261_129);
    private static final int KILLS = 20;
    private static final int UPGRADES = 3;
    private static final int PROGRAMS = 3;
    private static final long LONGEST_LIFE_MILLIS = 1_500;
    private static final long PROGRAMS_END_SECONDS = 180;

    @TempDir
    private static Path directory;

    private static ServerProcess server;

    @TempDir
    private Path place;

    private TestMounts mounts;
    private final List<Process> programs = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeAll
    static void start() throws Exception {
        TestMounts.prepareCaches(directory);
        server = ServerProcess.start(directory.resolve("data"));
        server.tarn("volume", "create", "kills").expect(0);
        server.tarn("volume", "create", "upgrades").expect(0);
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
        programs.forEach(Process::destroyForcibly);
        mounts.close();
    }

    private Path stopFile() {
        return place.resolve("stop");
    }

    private void startPrograms(final Path mount) throws IOException {
        for (int number = 0; number < PROGRAMS; number++) {
            programs.add(new ProcessBuilder(
                            "python3",
                            Distribution.script("mount_load.py").toString(),
                            mount.toString(),
                            Integer.toString(number),
                            stopFile().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(place.resolve("program" + number).toFile())
                    .start());
        }
    }

    private void requireRunning() throws IOException {
        for (int number = 0; number < PROGRAMS; number++) {
            assertThat(programs.get(number).isAlive())
                    .as(
                            "program %d, which said %s (seed %d); the log says%n%s",
                            number, said(number), SEED, mounts.log())
                    .isTrue();
        }
    }

    private String said(final int number) throws IOException {
        return Files.readString(place.resolve("program" + number));
    }

    private void endPrograms() throws Exception {
        Files.createFile(stopFile());
        for (int number = 0; number < PROGRAMS; number++) {
            assertThat(programs.get(number).waitFor(PROGRAMS_END_SECONDS, TimeUnit.SECONDS))
                    .as("program %d ends; the log says%n%s", number, mounts.log())
                    .isTrue();
            assertThat(programs.get(number).exitValue())
                    .as("%s (seed %d); the log says%n%s", said(number), SEED, mounts.log())
                    .isZero();
            System.out.printf("program %d: %s", number, said(number));
        }
    }

    /** Kills whoever serves, wherever it is, and waits until another does. */
    private void killWorker() {
        final long worker = mounts.worker();
        assertThat(worker).isPositive();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_LIFE_MILLIS)));
        ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
        TestMounts.await(
                "another process serves after " + worker,
                () -> mounts.worker() != worker
                        && mounts.only("state").orElse("").equals("served"));
    }

    @Test
    void programsDoNotSeeThatTheProcessIsKilledAgainAndAgain() throws Exception {
        final Path mount = mounts.mount("kills");
        final long holder = mounts.holder();
        startPrograms(mount);
        for (int kill = 0; kill < KILLS; kill++) {
            killWorker();
            requireRunning();
        }
        endPrograms();
        assertThat(mounts.holder()).isEqualTo(holder);
        mounts.unmount(mount);
        TestMounts.awaitGone(holder);
        server.tarn("fsck").expect(0);
    }

    @Test
    void anUpgradeUnderLoadIsAPause() throws Exception {
        final Path mount = mounts.mount("upgrades");
        startPrograms(mount);
        for (int upgrade = 0; upgrade < UPGRADES; upgrade++) {
            final long before = mounts.worker();
            assertThat(mounts.launcher().succeed("mount", "--upgrade")).contains("new process");
            TestMounts.await("another process serves", () -> mounts.worker() != before);
            TestMounts.awaitGone(before);
            requireRunning();
        }
        endPrograms();
        assertThat(mounts.log()).doesNotContain("killed", "mid-work", "another one begins");
        mounts.unmount(mount);
    }
}
