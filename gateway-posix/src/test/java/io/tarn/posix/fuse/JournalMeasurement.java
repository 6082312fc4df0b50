package io.tarn.posix.fuse;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.MountTarget;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import io.tarn.posix.journal.MountJournal;
import io.tarn.posix.linux.Descriptor;
import io.tarn.posix.linux.SharedMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the journal costs: the same work on a mount without and on one with it, in turn, all in this process; the median and the best of some rounds.
 * Arguments: a directory, rounds.
 */
public final class JournalMeasurement {
    private static final int MEBIBYTES = 512;
    private static final int SMALL_FILES = 300;
    private static final int SMALL_WRITES = 20_000;

    private JournalMeasurement() {}

    public static void main(final String[] arguments) throws Exception {
        final Path data = Files.createDirectories(Path.of(arguments[0]));
        final int rounds = Integer.parseInt(arguments[1]);
        try (TestCluster cluster = new TestCluster(data);
                Descriptor descriptor = SharedMemory.create("measurement", MountJournal.DEFAULT_BYTES)) {
            final SharedMemory memory = SharedMemory.map(descriptor, MountJournal.DEFAULT_BYTES);
            cluster.volume("without");
            cluster.volume("with");
            final MountJournal journal = MountJournal.open(memory.segment(), memory::discard);
            try (RealMount without = mount(cluster, "without", MountJournal.none());
                    RealMount with = mount(cluster, "with", journal)) {
                measure(
                        "dd bs=1M, MiB/s",
                        rounds,
                        MEBIBYTES,
                        "dd if=/dev/zero of=f bs=1M count=" + MEBIBYTES + " conv=fsync 2>/dev/null; rm f",
                        without,
                        with);
                measure(
                        "dd bs=4k, writes/s",
                        rounds,
                        SMALL_WRITES,
                        "dd if=/dev/zero of=f bs=4k count=" + SMALL_WRITES + " conv=fsync 2>/dev/null; rm f",
                        without,
                        with);
                measure(
                        "files of 4 KiB, /s",
                        rounds,
                        SMALL_FILES,
                        "head -c 4096 /dev/zero >/tmp/$$; for i in {1..%d}; do cat /tmp/$$ >f$i; done; rm f* /tmp/$$"
                                .formatted(SMALL_FILES),
                        without,
                        with);
            }
        }
    }

    private static RealMount mount(final TestCluster cluster, final String volume, final MountJournal journal)
            throws Exception {
        final var connection = cluster.node.connect();
        final VolumeFileSystem files = VolumeFileSystem.of(
                connection.client(),
                () -> connection.sessions().getFirst().session(),
                MountTarget.parse(volume),
                TestCluster.OWNER,
                MountOptions.DEFAULT,
                journal,
                (shard, sequence) -> Optional.empty());
        return new RealMount(files, SessionOptions.named(volume));
    }

    private static void measure(
            final String what,
            final int rounds,
            final int count,
            final String command,
            final RealMount without,
            final RealMount with)
            throws Exception {
        final double[] before = new double[rounds];
        final double[] after = new double[rounds];
        without.shell(command);
        with.shell(command);
        for (int round = 0; round < rounds; round++) {
            before[round] = rate(count, command, without);
            after[round] = rate(count, command, with);
        }
        Arrays.sort(before);
        Arrays.sort(after);
        System.out.printf(
                "%-22s without: median %8.0f best %8.0f   with: median %8.0f best %8.0f%n",
                what, before[rounds / 2], before[rounds - 1], after[rounds / 2], after[rounds - 1]);
    }

    private static double rate(final int count, final String command, final RealMount mount) throws Exception {
        final long began = System.nanoTime();
        mount.shell(command);
        return count / ((System.nanoTime() - began) / 1e9);
    }
}
