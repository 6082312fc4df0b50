package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Versioning;
import io.tarn.core.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several clients at once move directories and files about between three shards. */
class AcrossShardsRaceTest {
    private static final int CLIENTS = 4;
    private static final int MOVES_EACH = 300;
    private static final int DIRECTORIES = 9;
    private static final int FILES = 12;

    private final SeveralShards shards = new SeveralShards(Versioning.OFF);
    private final List<Long> directories = new ArrayList<>();
    private final AtomicInteger moved = new AtomicInteger();

    @Test
    void noMoveMakesALoopOrLosesAFile() throws InterruptedException, ExecutionException {
        directories.add(shards.root);
        for (int at = 0; at < DIRECTORIES; at++) {
            directories.add(shards.directory(shards.root, "d" + at, 1 + at % SeveralShards.SHARDS));
        }
        for (int at = 0; at < FILES; at++) {
            shards.put("d" + at % DIRECTORIES + "/f" + at, "bytes of " + at);
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                final Random random = new Random(client);
                running.add(clients.submit(() -> move(random)));
            }
            for (final Future<?> client : running) {
                client.get();
            }
        }
        assertThat(moved).hasValueGreaterThan(CLIENTS * MOVES_EACH / 20);
        assertThat(shards.quiet()).isTrue();
        shards.sweep();
        assertThat(shards.findings()).isEmpty();
        // Every file and directory is reached from the root, so nothing went into a loop.
        final List<String> keys = shards.list();
        assertThat(keys).hasSize(DIRECTORIES + FILES);
        keys.stream().filter(key -> !key.endsWith("/")).forEach(key -> assertThat(shards.get(key))
                .contains("bytes of " + key.substring(key.lastIndexOf('f') + 1)));
    }

    private void move(final Random random) {
        for (int at = 0; at < MOVES_EACH; at++) {
            final boolean directory = random.nextInt(3) > 0;
            final String name = directory ? "d" + random.nextInt(DIRECTORIES) : "f" + random.nextInt(FILES);
            try {
                shards.rename(any(random), name, any(random), name);
                moved.incrementAndGet();
            } catch (final StorageException refused) {
                assertThat(refused.failure().name())
                        .isIn("NOT_FOUND", "LOOP", "ALREADY_EXISTS", "NOT_EMPTY", "NOT_A_DIRECTORY");
            }
        }
    }

    private long any(final Random random) {
        return directories.get(random.nextInt(directories.size()));
    }
}
