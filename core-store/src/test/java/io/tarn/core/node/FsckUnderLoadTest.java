package io.tarn.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check runs beside everything else, and what comes into being meanwhile is not found wrong. */
class FsckUnderLoadTest {
    private static final int VOLUMES = 400;
    private static final int CONTENT_BYTES = 100_000;

    @TempDir
    private Path data;

    @Test
    void extentsThatAreMadeDuringTheCheckAreNotMissing() throws InterruptedException, ExecutionException {
        try (TestNode node = TestNode.start(data);
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            final AtomicBoolean stop = new AtomicBoolean();
            final Future<Integer> writing = executor.submit(() -> {
                int volumes = 0;
                for (; !stop.get() && volumes < VOLUMES; volumes++) {
                    // the first content of a volume is the first of an extent
                    node.put(node.volume("volume-" + volumes), "key", TestNode.bytes(CONTENT_BYTES, volumes));
                }
                return volumes;
            });
            try {
                do {
                    assertThat(node.node.fsck().run(false).findings()).isEmpty();
                } while (!writing.isDone());
            } finally {
                stop.set(true);
            }
            assertThat(writing.get()).isEqualTo(VOLUMES);
        }
    }
}
