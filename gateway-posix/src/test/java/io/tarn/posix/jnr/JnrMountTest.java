package io.tarn.posix.jnr;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.posix.fuse.MemoryFileSystem;
import io.tarn.posix.fuse.ProgramsOnAMount;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The portable transport alone, over a file system in memory. */
@Timeout(300)
final class JnrMountTest extends ProgramsOnAMount {
    private MemoryFileSystem files;

    @BeforeEach
    void mount() throws Exception {
        files = new MemoryFileSystem(HOUR_MILLIS);
        mount = new JnrMounted(files, "test");
    }

    @AfterEach
    void unmount() throws Exception {
        mount.close();
    }

    @Test
    void nothingIsLeftOfWhatWasRemovedWhileOpen() throws Exception {
        mount.shell("mkdir d; echo x >d/f; ln d/f g; exec 3<g 4<d/f; rm -rf d g; exec 3<&- 4<&-");
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (files.count() != 1 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(files.count()).isEqualTo(1);
    }
}
