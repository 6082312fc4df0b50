package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One file under random operations, of which every read is compared with what it should give: {@code fsx} of crates.io, and a program that changes mounts in
 * between. {@code -Dtarn.exerciser.operations=1000000 -Dtest.module.timeout.seconds=36000} is the long run, {@code -Dtarn.seed=N} another one.
 */
@Timeout(value = 10, unit = TimeUnit.HOURS)
final class ExerciserTest extends MountedHosts {
    private static final long SEED = Long.getLong("tarn.seed", 20_261_129);
    private static final int OPERATIONS = Integer.getInteger("tarn.exerciser.operations", 5_000);
    /** Of a machine that does little else, times a lot. */
    private static final int SECONDS = 120 + OPERATIONS / 30;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"plain, 0, 0", "mapped, 5, 0", "mapped and with holes, 5, 5"})
    void fsxFindsEveryByte(final String name, final String mapped, final String holes) throws Exception {
        final Path configuration = Files.createTempFile(local, "fsx", ".toml");
        Files.writeString(
                configuration,
                Files.readString(Path.of("src/test/resources/fsx.toml"))
                        .replace("= @mapped", "= " + mapped)
                        .replace("= @holes", "= " + holes));
        assertThat(shell(host(), "configuration", configuration, "local", local)
                        .run(
                                SECONDS,
                                "fsx -q -f $configuration -P $local -N %d -S %d file".formatted(OPERATIONS, SEED)))
                .as("%s, seed %d", name, SEED)
                .contains("A-OK");
    }

    @Test
    void twoHostsByTurnsFindEveryByte() throws Exception {
        final Path one = host();
        assertThat(shell(local)
                        .run(
                                SECONDS,
                                "python3 $checkers/by_turns.py %s %s %d %d".formatted(one, host(), OPERATIONS, SEED)))
                .contains(" operations in ");
    }
}
