package io.tarn.posix.fuse;

import io.tarn.posix.fs.FileSystem;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/** A volume, mounted through the kernel transport. */
@Timeout(300)
final class VolumeMountTest extends ProgramsOnAVolume {
    @Override
    protected MountedDirectory mounted(final FileSystem fileSystem, final String name) throws IOException {
        return new RealMount(fileSystem, SessionOptions.named(name).withNegativeMillis(HOUR_MILLIS));
    }
}
