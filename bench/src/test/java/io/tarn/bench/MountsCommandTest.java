package io.tarn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole command on directories of whatever file system the temporary folder is in. Needs fio, git, tar and SQLite's library. */
@Timeout(300)
class MountsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path root;

    private Path one;
    private Path other;

    @BeforeEach
    void make() throws IOException {
        one = Files.createDirectory(root.resolve("one"));
        other = Files.createDirectory(root.resolve("other"));
    }

    private int run(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of(
                "--seconds",
                "0.2",
                "--warmup-seconds",
                "0",
                "--files",
                "120",
                "--git-files",
                "60",
                "--large",
                "1MiB",
                "--scratch",
                root.toString(),
                "--no-drop"));
        arguments.addAll(List.of(options));
        final CommandLine command = MountsApplication.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).setOverwrittenOptionsAllowed(true);
        return command.execute(arguments.toArray(String[]::new));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> root.relativize(path).toString()).sorted().toList();
        }
    }

    @Test
    void measuresEverythingAndLeavesNothingBehind() throws IOException {
        assertThat(run(one.toString())).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "create+write+close 4 KiB",
                        "stat, warm",
                        "stat, again and again",
                        "unlink",
                        "open+read 4 KiB, cold",
                        "open+read 4 KiB, warm",
                        "create+write+fsync+close 4 KiB",
                        "4 KiB random write + fsync",
                        "ls -l of 120 files, cold",
                        "ls -l of 120 files, warm",
                        "sequential write",
                        "sequential read, cold",
                        "sequential read, warm",
                        "random read 4 KiB, cold",
                        "SQLite, DELETE",
                        "SQLite, WAL",
                        "git clone of 60 files",
                        "git status of 60 files",
                        "untar 120 files",
                        "rm -rf 120 files")
                .contains("The kernel's caches were not emptied")
                .doesNotContain("NaN");
        assertThat(left()).containsExactly("", "one", "other");
    }

    @Test
    void placesTakeTurnsAndTheFirstIsToldAsARatioWithWhatServesIt() {
        final long pid = ProcessHandle.current().pid();
        assertThat(run(
                        "tarn=" + one,
                        "local=" + other,
                        "--groups",
                        "SMALL,SQLITE",
                        "--workers",
                        "2",
                        "--rounds",
                        "2",
                        "--pid",
                        "tarn=" + pid))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("work +at once +unit +tarn +local +tarn : local +target +reached")
                .containsPattern("unlink +2 +files/s +[\\d.,]+ +[\\d.,]+ +x [\\d.]+ +>= 3 x juicefs +\\?")
                .containsPattern("SQLite, WAL +1 +tx/s .* >= 1,200 +(yes|NO)")
                .containsPattern("tarn +[1-9][\\d,]* +[1-9][\\d,]* +[1-9]");
        assertThat(err.toString().lines().filter(line -> line.contains("stat, warm")))
                .containsExactly(
                        "SMALL, round 1 of 2, local: stat, warm, 2 at once",
                        "SMALL, round 1 of 2, tarn: stat, warm, 2 at once",
                        "SMALL, round 2 of 2, tarn: stat, warm, 2 at once",
                        "SMALL, round 2 of 2, local: stat, warm, 2 at once");
    }

    @Test
    void whatTakesTooLongIsStoppedAndToldAsFarAsItCame() {
        assertThat(run(one.toString(), "--groups", "GIT,TREE", "--files", "3000", "--program-seconds", "0.01"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("~").contains("~: stopped before its end");
    }

    @Test
    void jsonHoldsEveryTaskAtEveryPlace() {
        assertThat(run("a=" + one, "b=" + other, "--groups", "SMALL", "--workers", "1", "--json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .startsWith("{\"places\":[{\"name\":\"a\",\"residentBytesBefore\":0,")
                .contains(
                        "\"group\":\"SMALL\",\"name\":\"unlink\",\"workers\":1,\"unit\":\"files/s\",\"results\":[{\"place\":\"a\"")
                .contains("},{\"place\":\"b\"");
    }

    @Test
    void aRemountIsDoneBeforeWhatIsColdAndItsFailureEndsTheRun() {
        assertThat(run(
                        "a=" + one,
                        "--groups",
                        "READ",
                        "--workers",
                        "1",
                        "--remount",
                        "a=echo the storage is away >&2; exit 3"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("ended with 3: the storage is away");
    }

    @Test
    void whatServesAPlaceMustBeThere() {
        assertThat(run("a=" + one, "--groups", "SMALL", "--mark", "a=TARN_BENCH_MARK=nobody"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("no process has TARN_BENCH_MARK=nobody");
    }

    @Test
    void wrongUsageIsToldApart() {
        assertThat(run(root.resolve("missing").toString())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("missing is not a directory");
        assertThat(run(one.toString(), "--pid", "two=1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run(one.toString(), one.toString())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run(one.toString(), "--groups", "LARGE", "--large", "4KiB")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
