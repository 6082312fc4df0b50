package io.tarn.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code kill -9} of the real process under load, again and again over one data directory. {@code -Dtarn.crash.rounds=N} makes it longer,
 * {@code -Dtarn.crash.seed=S} repeats the moments and the requests of a run (not how the kernel schedules them).
 */
class ProcessCrashIT {
    private static final int ROUNDS = Integer.getInteger("tarn.crash.rounds", 20);
    private static final long SEED = Long.getLong("tarn.crash.seed", 20_260_101L);
    private static final int ROUNDS_PER_FSCK = 5;
    /** Each fourth restart is itself killed on its way: recovery has to bear that too. */
    private static final int ROUNDS_PER_KILLED_START = 4;

    private static final Duration SHORTEST_LOAD = Duration.ofMillis(150);
    private static final Duration LONGEST_LOAD = Duration.ofMillis(2_500);
    private static final Duration LONGEST_START = Duration.ofMillis(3_000);
    private static final Logger LOG = LoggerFactory.getLogger(ProcessCrashIT.class);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final CrashLoad load = new CrashLoad();

    @TempDir
    private Path directory;

    @Test
    void nothingAcknowledgedIsLostAndNothingDeletedReturns() throws InterruptedException {
        final Path data = directory.resolve("data");
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3())) {
            s3.createBucket(request -> request.bucket(CrashLoad.BUCKET));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            if (round % ROUNDS_PER_KILLED_START == 0) {
                killOnTheWay(data);
            }
            try (ServerProcess server = ServerProcess.start(data);
                    S3Client s3 = S3Clients.sync(server.s3())) {
                check(server, s3, round);
                loadAndKill(server, s3);
            }
            LOG.warn("round {} of {}: {} operations acknowledged so far", round, ROUNDS, load.acknowledged());
        }
        try (ServerProcess server = ServerProcess.start(data);
                S3Client s3 = S3Clients.sync(server.s3())) {
            check(server, s3, ROUNDS_PER_FSCK);
        }
        assertThat(load.acknowledged()).as("operations acknowledged").isGreaterThan(10L * ROUNDS);
    }

    private void killOnTheWay(final Path data) {
        try (ServerProcess server =
                ServerProcess.launch(data, "--set", "s3.port=0", "--set", "admin.port=0", "--set", "rpc.port=0")) {
            LockSupport.parkNanos(random.nextLong(LONGEST_START.toNanos()));
            server.kill();
        }
    }

    private void check(final ServerProcess server, final S3Client s3, final int round) throws InterruptedException {
        final List<String> wrong = new ArrayList<>();
        inParallel(writer -> () -> {
            final List<String> found = load.check(s3, writer);
            synchronized (wrong) {
                wrong.addAll(found);
            }
        });
        assertThat(wrong)
                .as("broken promises before round %d, seed %d", round, SEED)
                .isEmpty();
        assertThat(load.checkListing(s3))
                .as("listing before round %d, seed %d", round, SEED)
                .isEmpty();
        if (round % ROUNDS_PER_FSCK == 0) {
            server.tarn("fsck").expect(0);
        }
    }

    private void loadAndKill(final ServerProcess server, final S3Client s3) throws InterruptedException {
        final AtomicBoolean killing = new AtomicBoolean();
        final long seed = random.nextLong();
        final long lengthNanos = random.nextLong(SHORTEST_LOAD.toNanos(), LONGEST_LOAD.toNanos());
        final Thread killer = Thread.ofPlatform().start(() -> {
            LockSupport.parkNanos(lengthNanos);
            killing.set(true);
            server.kill();
        });
        inParallel(writer -> () -> load.write(s3, writer, seed + writer, killing));
        killer.join();
    }

    private static void inParallel(final IntFunction<Runnable> tasks) throws InterruptedException {
        final List<Future<?>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < CrashLoad.WRITERS; writer++) {
                running.add(executor.submit(tasks.apply(writer)));
            }
        }
        for (final Future<?> task : running) {
            try {
                task.get();
            } catch (final ExecutionException e) {
                throw new AssertionError("a writer failed: " + e.getCause(), e.getCause());
            }
        }
    }
}
