package io.tarn.core.extent;

import io.tarn.core.file.FileLayer;
import io.tarn.core.file.RealFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RealExtentStoreTest extends ExtentStoreContract {
    @TempDir
    private Path directory;

    @Override
    FileLayer layer() {
        return new RealFiles();
    }

    @Override
    Path root() {
        return directory;
    }
}
