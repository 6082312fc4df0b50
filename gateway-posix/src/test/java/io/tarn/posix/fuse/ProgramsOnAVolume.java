package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A volume, mounted: transport, operations and storage together, under programs. The kernel may remember for an hour, where the transport can tell it to forget. */
public abstract class ProgramsOnAVolume extends ProgramsOnAMount {
    private static final MountOptions LASTING =
            MountOptions.parse("attr-timeout=3600,entry-timeout=3600," + System.getProperty("tarn.mount.options", ""));
    private static final int VOLUME_NAME_MAX = 40;
    private static final int FILES = 200;
    /** Commands that are not of the program that is counted. */
    private static final int OTHER_COMMANDS_MAX = 20;

    @TempDir
    static Path data;

    private static TestCluster cluster;
    private VolumeFileSystem files;
    private long volume;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(data);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Mounts, by the transport that is tried. */
    protected abstract MountedDirectory mounted(FileSystem fileSystem, String name) throws Exception;

    @BeforeEach
    void mount(final TestInfo test) throws Exception {
        final String method = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        final String name = method.substring(0, Math.min(method.length(), VOLUME_NAME_MAX));
        volume = cluster.volume(name);
        files = cluster.files(name, LASTING);
        mount = mounted(files, name);
    }

    @AfterEach
    void unmount() throws Exception {
        mount.close();
        files.close();
        assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
    }

    private void awaitOutput(final String command, final String wanted) throws Exception {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String seen = "";
        while (!seen.equals(wanted) && System.nanoTime() < deadline) {
            seen = mount.shell(command);
        }
        assertThat(seen).isEqualTo(wanted);
    }

    @Test
    void whatS3OverwritesTheNextOpenReads() throws Exception {
        mount.shell("echo written here >f");
        assertThat(cluster.get(volume, "f")).isEqualTo("written here\n");
        for (int round = 0; round < 50; round++) {
            final String content = "round " + round + "!".repeat(round);
            cluster.put(volume, "f", content);
            assertThat(mount.shell("cat f")).isEqualTo(content);
        }
        awaitOutput("stat -c %s f", Integer.toString("round 49".length() + 49));
        assertThat(mount.shell("ls -A")).isEqualTo("f");
        cluster.put(volume, "new/below", "made by S3");
        awaitOutput("cat new/below 2>/dev/null || true", "made by S3");
        cluster.put(volume, "g", "g");
        awaitOutput("ls -A", "f\ng\nnew");
    }

    @Test
    void timesSeenBeforeACloseAreThoseAfterIt() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import os
                def times(s): return (s.st_mtime_ns, s.st_ctime_ns, s.st_size)
                for again in range(20):
                  f = os.open('f', os.O_RDWR | os.O_CREAT)
                  os.write(f, b'x' * (1000 + again))
                  seen = times(os.fstat(f))
                  assert times(os.fstat(f)) == seen
                  os.fchmod(f, 0o600 + again % 2)
                  changed = times(os.fstat(f))
                  assert changed[0] == seen[0] and changed[1] >= seen[1], (seen, changed)
                  os.close(f)
                  assert times(os.stat('f')) == changed, (changed, times(os.stat('f')))
                f = os.open('g', os.O_WRONLY | os.O_CREAT)
                os.write(f, b'one'); first = os.fstat(f)
                os.write(f, b'two'); second = os.fstat(f)
                os.utime(f, ns=(5, 6000000007))
                os.close(f)
                assert second.st_mtime_ns > first.st_mtime_ns
                s = os.stat('g'); assert (s.st_atime_ns, s.st_mtime_ns) == (5, 6000000007), s
                E
                echo 3 >/proc/sys/vm/drop_caches; stat -c '%a %Y' f g | cut -c 1-5""")).startsWith("601 ");
    }

    @Test
    void aFileMadeWrittenAndClosedIsTwoCommits() throws Exception {
        mount.shell("mkdir d; touch d/first");
        final long before = cluster.commands();
        mount.shell("cd d; for i in {1..%d}; do echo $i >f$i; done".formatted(FILES));
        final long commands = cluster.commands() - before;
        if (LASTING.delegations()) {
            assertThat(commands).isLessThan(FILES / 2);
        } else {
            assertThat(commands).isBetween(2L * FILES, 2L * FILES + OTHER_COMMANDS_MAX);
        }
        final long made = cluster.commands();
        mount.shell("cat d/f* >/dev/null; ls -l d >/dev/null");
        assertThat(cluster.commands() - made).isLessThan(OTHER_COMMANDS_MAX);
    }

    @Test
    void anArchiveIsUnpackedInTwoCommitsAFile() throws Exception {
        final Path archive = data.resolve("source.tar");
        mount.shell(
                "mkdir /tmp/$$ && cd /tmp/$$ && mkdir source && cd source && for i in {1..%d}; do echo $i >f$i; done; "
                                .formatted(FILES)
                        + "chmod 640 f1; touch -d @1000000000.5 f*; cd ..; tar --format=pax -cf " + archive
                        + " source; rm -rf /tmp/$$");
        final long before = cluster.commands();
        mount.shell("tar xf " + archive);
        final long commands = cluster.commands() - before;
        if (LASTING.delegations()) {
            assertThat(commands).isLessThan(FILES / 2);
        } else {
            assertThat(commands).isBetween(2L * FILES, 2L * FILES + OTHER_COMMANDS_MAX);
        }
        assertThat(mount.shell("tar df " + archive + "; stat -c '%a %.1Y' source/f1"))
                .isEqualTo("640 1000000000.5");
    }

    @Test
    void gitWorksAndFindsNothingChanged() throws Exception {
        final String git = "git -c user.name=a -c user.email=a@b -c init.defaultBranch=main ";
        mount.shell("mkdir origin; cd origin; " + git + "init -q; for i in {1..100}; do mkdir -p d$((i % 7)); "
                + "echo line $i >d$((i % 7))/f$i; done; git add .; " + git + "commit -qm one; git fsck --full 2>&1");
        // Without a refresh of the index: every time and size must be what git has seen before it closed the file.
        assertThat(mount.shell(
                        "git clone -q origin clone; cd clone; git diff-files; git status --porcelain; git gc -q; "
                                + "git fsck --full 2>/dev/null"))
                .isEmpty();
    }

    @Test
    void databasesKeepWhatTheyCommit() throws Exception {
        assertThat(mount.shell("""
                python3 - <<'E'
                import sqlite3
                for mode in ('DELETE', 'WAL'):
                  c = sqlite3.connect('db' + mode); c.execute('pragma journal_mode=' + mode)
                  c.execute('create table t(i integer, b blob)')
                  for i in range(50):
                    c.execute('insert into t values(?, randomblob(2000))', (i,)); c.commit()
                  print(c.execute('pragma integrity_check').fetchone()[0], c.execute('select count(*) from t').fetchone()[0])
                  c.close()
                E""")).isEqualTo("ok 50\nok 50");
    }

    @Test
    void holesAreFound() throws Exception {
        assertThat(mount.shell("truncate -s 4M h; python3 -c \"import os\nh = os.open('h', os.O_RDWR)\n"
                        + "os.pwrite(h, b'end', 3000000)\nos.fsync(h)\nprint(os.lseek(h, 0, os.SEEK_HOLE))\""))
                .isEqualTo(mount.canFindHoles() ? "0" : "4194304");
    }

    @Test
    void descriptorsThatProcessesShareGoOnAfterOneClosesIts() throws Exception {
        assertThat(mount.shell("exec 3<>f; /bin/echo one >&3; /bin/echo two >&3; rm f; /bin/echo three >&3; "
                        + "cat /proc/self/fd/3; exec 3>&-; ls -A"))
                .isEqualTo("one\ntwo\nthree");
        assertThat(mount.shell("exec 3<>f; rm f; /bin/echo one >&3; cat /proc/self/fd/3; exec 3>&-; ls -A"))
                .isEqualTo("one");
        assertThat(mount.shell("(for i in 1 2 3 4 5; do /bin/echo $i; done) >log; cat log | tr -d '\\n'"))
                .isEqualTo("12345");
    }

    @Test
    void makeBuildsOnceWhatHasNotChanged() throws Exception {
        assertThat(mount.shell("printf 'b: a\\n\\tcp a b\\n' >Makefile; echo x >a; make -s; make -q && echo done; "
                        + "echo y >a; make -q || echo again; make -s; make -q; cat b"))
                .isEqualTo("done\nagain\ny");
    }
}
