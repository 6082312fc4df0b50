package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The transport alone, over a file system in memory. */
@Timeout(120)
final class MountTest extends ProgramsOnAMount {
    private MountedMemory memory;

    @BeforeEach
    void mount() throws Exception {
        memory = MountedMemory.mount(new MemoryFileSystem(HOUR_MILLIS), SessionOptions.named("test"));
        mount = memory;
    }

    @AfterEach
    void unmount() throws Exception {
        mount.close();
    }

    @Test
    void nothingIsLeftOfWhatWasRemoved() throws Exception {
        mount.shell("mkdir d; echo x >d/f; ln d/f g; exec 3<g; rm -rf d g; exec 3<&-");
        awaitCount(1);
        assertThat(mount.shell("stat -f -c %b .")).isEqualTo("1048576");
    }

    private void awaitCount(final int count) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (memory.fileSystem.count() != count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(memory.fileSystem.count()).isEqualTo(count);
    }

    @Test
    void changesElsewhereAreSeenAtOnce() throws Exception {
        assertThat(mount.shell("echo before >f; cat f")).isEqualTo("before");
        memory.fileSystem.overwriteElsewhere("f", "changed elsewhere");
        memory.fileSystem.kernel.entry(1, io.tarn.client.Key.of("unknown"));
        memory.fileSystem.kernel.deleted(1, io.tarn.client.Key.of("unknown"), 77);
        awaitContent("changed elsewhere");
    }

    private void awaitContent(final String content) throws Exception {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String seen = "";
        while (!seen.equals(content) && System.nanoTime() < deadline) {
            seen = mount.shell("cat f");
        }
        assertThat(seen).isEqualTo(content);
    }
}
