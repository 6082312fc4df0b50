package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several programs that do everything at once in one tree, on two hosts. Afterwards both show the same tree, with the same bytes, and it is sound.
 * {@code -Dtarn.stress.operations=N} for longer, {@code -Dtarn.seed=N} for another one.
 */
@Timeout(value = 10, unit = TimeUnit.HOURS)
final class StressTest extends MountedHosts {
    private static final long SEED = Long.getLong("tarn.seed", 20_261_129);
    private static final int OPERATIONS = Integer.getInteger("tarn.stress.operations", 400);
    private static final int SECONDS = 200 + OPERATIONS / 5;
    private static final int PROGRAMS = 6;
    private static final String TREE = "find . -mindepth 1 -printf '%y %m %n %s %l %T@ %p\\n' | sort; "
            + "find . -type f -print0 | sort -z | xargs -0 -r sha256sum; (getfattr -h -R -d -m user . 2>/dev/null || true) | sort";

    @Test
    void programsThatDoEverythingAtOnceLeaveOneSoundTree() throws Exception {
        final Path one = host();
        final Path two = host();
        final Path meeting = Files.createTempFile(local, "meeting", null);
        final List<Shell.Running> running = new ArrayList<>();
        for (int program = 0; program < PROGRAMS; program++) {
            running.add(shell(program % 2 == 0 ? one : two)
                    .start(
                            SECONDS,
                            "python3 $checkers/stress.py %s %d %d %d %d"
                                    .formatted(meeting, program, PROGRAMS, OPERATIONS, SEED)));
        }
        Shell.together(running);
        // of the last changes the other host hears a moment later
        final String tree = awaitSame(one, two);
        assertThat(tree).contains(" ./shared/a/c");
        assertThat(shell(one).run(SECONDS, "rm -rf shared own*; ls -A")).isEmpty();
    }

    private static String awaitSame(final Path one, final Path two) throws Exception {
        String here = "";
        String there = "another";
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!here.equals(there) && System.nanoTime() < deadline) {
            here = shell(one).run(SECONDS, TREE);
            there = shell(two).run(SECONDS, TREE);
        }
        assertThat(there).isEqualTo(here);
        return here;
    }
}
