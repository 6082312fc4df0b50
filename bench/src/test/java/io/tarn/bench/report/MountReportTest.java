package io.tarn.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.MountResults;
import io.tarn.bench.mount.MountResults.PlaceMemory;
import io.tarn.bench.mount.MountResults.TaskResult;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Tally;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Turn;
import io.tarn.bench.process.CpuTime;
import io.tarn.bench.process.Memory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MountReportTest {
    private static final Task WRITE = Task.of("sequential write", 1, Scale.perSecond("MiB"));
    private static final Task UNPACK = Task.of("untar 10,000 files", 1, Scale.secondsFor(10_000));
    private static final Task CREATE = Task.of("create+write+close 4 KiB", 8, Scale.perSecond("files"));

    private static Turn turn(final long operations, final double seconds, final boolean stopped) {
        return new Turn(
                new Tally(operations, seconds, Optional.of(new Tally.Latency(0.5, 2)), stopped),
                new CpuTime(1, 0.5),
                new CpuTime(0.1, 0.2),
                0.25);
    }

    private static PlaceMemory place(final String name) {
        return new PlaceMemory(name, new Memory(100 << 20, 0), new Memory(150 << 20, 200 << 20));
    }

    private static MountResults results() {
        return new MountResults(
                List.of(place("tarn"), place("local"), place("juicefs")),
                List.of(
                        new TaskResult(
                                Group.LARGE,
                                WRITE,
                                List.of(
                                        List.of(turn(500, 1, false), turn(300, 1, false)),
                                        List.of(turn(500, 1, false)),
                                        List.of(turn(100, 1, false)))),
                        new TaskResult(
                                Group.TREE,
                                UNPACK,
                                List.of(
                                        List.of(turn(10_000, 12, false)),
                                        List.of(turn(10_000, 1, false)),
                                        List.of(turn(2_500, 20, true)))),
                        new TaskResult(
                                Group.SMALL,
                                CREATE,
                                List.of(
                                        List.of(turn(3_000, 1, true)),
                                        List.of(turn(9_000, 1, true)),
                                        List.of(turn(1_000, 1, true))))));
    }

    @Test
    void speedsStandSideBySideWithRatiosAndTargets() {
        assertThat(new MountReport(results(), true).text())
                .containsPattern("tarn : local +tarn : juicefs +target +reached")
                .containsPattern("sequential write +1 +MiB/s +400 +500 +100 +x 0\\.80 +x 4\\.00 +>= 80 % of local +yes")
                .containsPattern("create\\+write\\+close 4 KiB +8 +files/s .* x 3\\.00 +>= 3 x juicefs +yes");
    }

    @Test
    void whatWasStoppedIsToldAsTheTimeItWouldHaveTaken() {
        assertThat(new MountReport(results(), true).text())
                .containsPattern(
                        "untar 10,000 files +1 +s +12\\.0 +1\\.00 +~80\\.0 +x 0\\.08 +x 6\\.67 +<= 10\\.0 s +NO")
                .contains("~: stopped before its end");
    }

    @Test
    void costsAreGivenForAThousandOperations() {
        final MountSummary summary = MountSummary.of(WRITE.scale(), List.of(turn(500, 1, false), turn(500, 3, false)));
        assertThat(summary.rate()).isEqualTo(250);
        assertThat(List.of(summary.servingCpu(), summary.loadUserCpu(), summary.loadSystemCpu(), summary.syncSeconds()))
                .containsExactly(3.0, 0.2, 0.4, 0.25);
    }

    @Test
    void memoryAndColdnessAreTold() {
        assertThat(new MountReport(results(), false).text())
                .containsPattern("juicefs +100 +150 +200")
                .contains("caches were not emptied");
        assertThat(new MountReport(results(), true).text()).doesNotContain("caches were not emptied");
    }

    @Test
    void markdownRowsAllHaveTheirColumns() {
        final String speeds = new MountReport(results(), true).markdown().split("\n\n")[0];
        assertThat(speeds.lines()).allSatisfy(line -> assertThat(line.chars().filter(c -> c == '|'))
                .hasSize(11));
    }
}
