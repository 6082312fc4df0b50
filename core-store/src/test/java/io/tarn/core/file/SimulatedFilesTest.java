package io.tarn.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedFilesTest extends FileLayerContract {
    private final Path root = Path.of("/disk");
    private final SimulatedFiles files = new SimulatedFiles(root);

    @Override
    FileLayer layer() {
        return files;
    }

    @Override
    Path root() {
        return root;
    }

    @Test
    void forcedBytesUnderForcedNamesSurvive() {
        final StoredFile file = files.create(root.resolve("a"));
        file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        file.force();
        files.forceDirectory(root);
        for (int seed = 0; seed < 20; seed++) {
            final ByteBuffer read = ByteBuffer.allocate(3);
            files.crash(new Random(seed)).open(root.resolve("a")).read(0, read);
            assertThat(read.array()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void unforcedSectorsSurviveInEveryWay() {
        final StoredFile file = files.create(root.resolve("a"));
        file.write(0, ByteBuffer.wrap(new byte[1024]));
        file.force();
        files.forceDirectory(root);
        final byte[] ones = new byte[1024];
        java.util.Arrays.fill(ones, (byte) 1);
        file.write(0, ByteBuffer.wrap(ones));
        final Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            final ByteBuffer read = ByteBuffer.allocate(1024);
            files.crash(new Random(seed)).open(root.resolve("a")).read(0, read);
            outcomes.add(read.get(0) + "" + read.get(600));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("00", "01", "10", "11");
    }

    @Test
    void afterTheCutNothingWorks() {
        files.cutAfter(1, false);
        files.create(root.resolve("a"));
        assertThatThrownBy(() -> files.create(root.resolve("b"))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> files.list(root)).isInstanceOf(StorageException.class);
    }
}
