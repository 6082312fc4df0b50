package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One mount of a volume, each test in a volume of its own that must be sound afterwards. */
abstract class OneMount {
    private static final int VOLUME_NAME_MAX = 40;

    @TempDir
    static Path data;

    static TestCluster cluster;
    TestMount mount;
    String volume;
    long volumeId;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(data);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void mount(final TestInfo test) {
        final String name = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        volume = name.substring(0, Math.min(name.length(), VOLUME_NAME_MAX));
        volumeId = cluster.volume(volume);
        mount = cluster.mount(volume);
    }

    @AfterEach
    void unmount() {
        mount.files.close();
        assertThat(cluster.node.fsck().run(false).findings()).isEmpty();
    }
}
