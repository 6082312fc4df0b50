package io.tarn.posix.jnr;

import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fuse.MountedDirectory;
import io.tarn.posix.fuse.ProgramsOnAVolume;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** A volume, mounted through libfuse. */
@Timeout(300)
final class JnrVolumeMountTest extends ProgramsOnAVolume {
    @Override
    protected MountedDirectory mounted(final FileSystem fileSystem, final String name) throws IOException {
        return new JnrMounted(fileSystem, name);
    }
}
