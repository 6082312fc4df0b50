package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.node.NodeSettings;
import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk, of memory and small, becomes full under a mount. Needs root. */
@Timeout(300)
final class FullDiskTest {
    private static final int SECONDS = 120;
    private static final long RESERVE_BYTES = 64L << 20;

    @TempDir
    Path local;

    @Test
    void aFullDiskIsToldAndWhatIsRemovedMakesRoom() throws Exception {
        final Path disk = Files.createDirectory(local.resolve("disk"));
        final Shell outside = new Shell(local, Map.of());
        outside.run(SECONDS, "mount -t tmpfs -o size=256m tarn-full-disk disk");
        try (TestCluster cluster = new TestCluster(NodeSettings.defaults(disk).withReserveBytes(RESERVE_BYTES))) {
            cluster.volume("full");
            final VolumeFileSystem files = cluster.files("full", MountOptions.DEFAULT);
            try (RealMount mount = new RealMount(files, SessionOptions.named("full"))) {
                final Shell shell = new Shell(mount.directory, Map.of());
                assertThat(shell.run(SECONDS, "python3 $checkers/errno_of.py 20000000 100"))
                        .matches("(open|write|fsync|close) ENOSPC");
                // what was synced before is there, and can be read and removed
                assertThat(shell.run(SECONDS, "cmp fill0 fill1; stat -c %s fill1"))
                        .isEqualTo("20000000");
                shell.run(SECONDS, "rm fill*");
                shell.run(
                        SECONDS, "until head -c 40000000 /dev/zero >again; do sleep 0.2; done 2>/dev/null; sync again");
                assertThat(shell.run(SECONDS, "ls -A; stat -c %s again")).isEqualTo("again\n40000000");
            } finally {
                files.close();
            }
            assertThat(cluster.node.fsck().run(true).findings()).isEmpty();
        } finally {
            outside.run(SECONDS, "umount -l disk");
        }
    }
}
