package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The suite of POSIX file systems ({@code pjdfstest} of crates.io 0.2.2), whole, as root. What it leaves out on a mount is known by name.
 */
@Timeout(400)
final class PosixSuiteTest extends MountedHosts {
    private static final int SECONDS = 300;
    private static final int ALL = 398;
    private static final Path CONFIGURATION =
            Path.of("src/test/resources/pjdfstest.toml").toAbsolutePath();
    /** Would be remounted read-only by mount(8), which asks a helper; {@link #aMountThatBecomesReadOnlyRefusesEveryChange} does it without. */
    private static final String READ_ONLY = "erofs_";
    /** The C library takes the limit of links from a table by type of file system, in which FUSE is not, and says 127: nothing can reach it. */
    private static final String LIMIT_OF_LINKS = "link::link_count_max";

    @Test
    void theSuitePassesAsOnALocalDisk() throws Exception {
        final Path mount = host();
        final String output = shell(mount, "configuration", CONFIGURATION)
                .run(SECONDS, "chmod 755 .; pjdfstest -c $configuration -s /dev/shm -p . 2>&1 || true");
        final var skipped =
                output.lines().filter(line -> line.endsWith(" skipped")).toList();
        assertThat(skipped).allMatch(line -> line.contains(READ_ONLY) || line.startsWith(LIMIT_OF_LINKS));
        assertThat(output)
                .endsWith("Summary: 0 failed, %d skipped, %d passed, 0 expected failures, %d total"
                        .formatted(skipped.size(), ALL - skipped.size(), ALL));
        assertThat(skipped).hasSize(14);
    }

    @Test
    void aMountThatBecomesReadOnlyRefusesEveryChange() throws Exception {
        final Path mount = host();
        final Shell shell = shell(mount);
        shell.run(60, "echo x >f; ln -s f s; mkdir d; cd /; mount -i -o remount,ro " + mount);
        final String[] refused = shell.run(60, "python3 $checkers/read_only.py").split("\n");
        assertThat(Arrays.asList(refused)).hasSize(18).allMatch(line -> line.endsWith(" EROFS"));
        assertThat(shell.run(60, "cat s; ls")).isEqualTo("x\nd\nf\ns");
        assertThat(shell.run(60, "cd /; mount -i -o remount,rw " + mount + "; cd -; echo y >f; cat f"))
                .endsWith("y");
    }
}
