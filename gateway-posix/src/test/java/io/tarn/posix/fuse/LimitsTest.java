package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.posix.fs.TestCluster;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where a mount ends: sizes, names, quotas, directories of very many entries. {@code -Dtarn.limits.entries=1000000
 * -Dtest.module.timeout.seconds=36000} is the long run.
 */
@Timeout(value = 10, unit = TimeUnit.HOURS)
final class LimitsTest extends MountedHosts {
    private static final int ENTRIES = Integer.getInteger("tarn.limits.entries", 4_000);
    private static final int SECONDS = 200 + ENTRIES / 50;
    private static final int AT_A_TIME = 256;

    @Test
    void sizesAndNamesGoAsFarAsTheyMay() throws Exception {
        assertThat(shell(host()).run(SECONDS, "python3 $checkers/sizes.py")).isEqualTo("hold");
    }

    @Test
    void aFullQuotaIsToldAndWhatIsRemovedMakesRoom() throws Exception {
        final String small = volume + "q";
        cluster.volume(small, new Quota(20 << 20, 50), Versioning.OFF);
        final Shell shell = shell(host(small));
        assertThat(shell.run(SECONDS, "python3 $checkers/errno_of.py 8000000 10"))
                .matches("(write|fsync) EDQUOT");
        assertThat(shell.run(SECONDS, "cmp fill0 fill1 && stat -c %s fill0; df --output=pcent . | tail -n 1"))
                .startsWith("8000000\n");
        shell.run(
                SECONDS, "rm fill*; until head -c 8000000 /dev/zero >f; do rm -f f; sleep 0.1; done 2>/dev/null; rm f");
        assertThat(shell.run(SECONDS, "python3 $checkers/errno_of.py 10 100")).isEqualTo("open EDQUOT");
        assertThat(shell.run(
                        SECONDS,
                        "df --output=iavail . | tail -n 1; (mkdir d 2>&1 || true) | grep -o 'Disk quota exceeded'"))
                .isEqualTo("0\nDisk quota exceeded");
        assertThat(shell.run(SECONDS, "rm fill0; mkdir d && ls -A | wc -l")).isEqualTo("50");
    }

    @Test
    void aDirectoryOfVeryManyEntriesIsListedAndKeepsItsOffsets() throws Exception {
        final Path one = host();
        final Path two = host();
        shell(one).run(SECONDS, "mkdir many");
        fill("many");
        assertThat(shell(one).run(SECONDS, "ls -f many | wc -l")).isEqualTo(Integer.toString(ENTRIES + 2));
        final String[] counts = shell(one, "two", two, "local", local)
                .run(
                        SECONDS,
                        "gcc -O1 -Wall -o $local/offsets $checkers/offsets.c; $local/offsets many "
                                + "'cd $two/many && ls -U | awk \"NR % 37 == 0\" | head -n 500 | xargs rm && seq 100 | xargs touch'")
                .split(" ");
        assertThat(counts[0]).isEqualTo(Integer.toString(ENTRIES + 2));
        final int left = ENTRIES + 2 - Math.min(500, ENTRIES / 37) + 100;
        assertThat(counts[1]).isEqualTo(Integer.toString(left));
        assertThat(shell(two).run(SECONDS, "ls -f many | sort | uniq | wc -l")).isEqualTo(Integer.toString(left));
        assertThat(shell(two).run(SECONDS, "rm -rf many; ls -A")).isEmpty();
    }

    /** Makes files past the mounts, many at a time. */
    private void fill(final String directory) throws Exception {
        final Inodes inodes = cluster.node.client().inodes();
        final Node root = inodes.root(volumeId);
        final Node parent = inodes.lookup(root.inode(), Key.of(directory)).orElseThrow();
        final var places = new Semaphore(AT_A_TIME);
        final var failed = new AtomicReference<Throwable>();
        try (ExecutorService makers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < ENTRIES; number++) {
                final Key name = Key.of("file-%07d".formatted(number));
                places.acquire();
                makers.execute(() -> {
                    try {
                        inodes.make(parent.inode(), name, NewNode.file(0644, TestCluster.OWNER), true);
                    } catch (final RuntimeException e) {
                        failed.set(e);
                    } finally {
                        places.release();
                    }
                });
            }
        }
        assertThat(failed.get()).isNull();
    }
}
