package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.posix.fs.MountOptions;
import io.tarn.posix.fs.TestCluster;
import io.tarn.posix.fs.VolumeFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each test has a volume of its own, really mounted by as many hosts as it asks for: a client, a session and a mount each, which remember
 * for an hour, so that what is stale shows. The volume must be sound afterwards. Needs root and /dev/fuse.
 */
abstract class MountedHosts {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final MountOptions LASTING = MountOptions.parse("attr-timeout=3600,entry-timeout=3600");
    private static final int VOLUME_NAME_MAX = 40;

    /** Not on a mount. */
    @TempDir
    static Path local;

    static TestCluster cluster;

    String volume;
    long volumeId;
    private final List<Host> hosts = new ArrayList<>();

    /** A mount, and the operations behind it. */
    record Host(RealMount mount, VolumeFileSystem files) {}

    @BeforeAll
    static void start() {
        cluster = new TestCluster(local.resolve("node"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void makeVolume(final TestInfo test) {
        final String method = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        volume = method.substring(0, Math.min(method.length(), VOLUME_NAME_MAX)) + hash(test.getDisplayName());
        volumeId = cluster.volume(volume);
    }

    private static String hash(final String name) {
        return Integer.toHexString(name.hashCode());
    }

    @AfterEach
    void unmount() throws IOException {
        for (final Host host : hosts) {
            host.mount().close();
            host.files().close();
        }
        hosts.clear();
        assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
    }

    /** Mounts the volume once more. */
    final Path host() throws IOException {
        return host(volume);
    }

    final Path host(final String target) throws IOException {
        final VolumeFileSystem files = cluster.files(target, LASTING);
        try {
            final RealMount mount =
                    new RealMount(files, SessionOptions.named(target).withNegativeMillis(HOUR_MILLIS));
            hosts.add(new Host(mount, files));
            return mount.directory;
        } catch (final IOException | RuntimeException failed) {
            files.close();
            throw failed;
        }
    }

    /** A shell in {@code directory}, which knows the places that the pairs name and value say. */
    static Shell shell(final Path directory, final Object... environment) {
        final Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i].toString(), environment[i + 1].toString());
        }
        return new Shell(directory, variables);
    }
}
