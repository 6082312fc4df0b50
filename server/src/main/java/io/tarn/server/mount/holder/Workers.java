package io.tarn.server.mount.holder;

import io.tarn.server.mount.control.StateFolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sees to it that there is a worker. One that dies has a successor at once; one that dies soon, again and again, after a while that doubles,
 * and mounts wait meanwhile. The process is never waited for: one that was killed may be unable to die until its successor serves.
 *
 * <p>Threads: {@link #run} on one; for each worker one that copies what it says to the log. Thread-safe.
 */
final class Workers {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final StateFolder folder;
    private final KeptMounts mounts;
    private final BoundedLog log;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Map<Long, CompletableFuture<WorkerLink>> reports = new ConcurrentHashMap<>();
    private volatile List<String> command;
    private volatile Optional<WorkerLink> current = Optional.empty();
    private volatile String lastWords = "";

    Workers(final StateFolder folder, final KeptMounts mounts, final BoundedLog log, final List<String> command) {
        this.folder = folder;
        this.mounts = mounts;
        this.log = log;
        this.command = command;
    }

    /** A worker has come; whoever started it is told. */
    WorkerLink reported(final long process, final WorkerLink link) {
        reports.computeIfAbsent(process, unknown -> new CompletableFuture<>()).complete(link);
        return link;
    }

    /** Until {@link #end}. */
    void run() throws InterruptedException {
        Duration pause = Duration.ZERO;
        Optional<WorkerLink> next = Optional.empty();
        while (!isEnding(next.isPresent() ? Duration.ZERO : pause)) {
            final long begun = System.nanoTime();
            if (next.isEmpty()) {
                next = start(command);
            }
            if (next.isPresent()) {
                final WorkerLink link = next.get();
                current = next;
                mounts.engage(link);
                link.awaitLost();
                next = link.successor();
            } else {
                mounts.giveUpWhatIsNew("the process that serves mounts does not start: " + lastWords);
            }
            pause = longer(pause, System.nanoTime() - begun);
        }
    }

    private static Duration longer(final Duration pause, final long livedNanos) {
        if (livedNanos > SOON.toNanos()) {
            return Duration.ZERO;
        }
        final Duration twice = pause.multipliedBy(2);
        return twice.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : twice.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : twice;
    }

    private boolean isEnding(final Duration wait) throws InterruptedException {
        return ending.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Starts one and waits for its report; empty when it ends or says nothing. */
    private Optional<WorkerLink> start(final List<String> arguments) throws InterruptedException {
        final Process process;
        final List<String> line = new ArrayList<>(arguments);
        line.add(folder.path().toString());
        try {
            process = new ProcessBuilder(line)
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .start();
        } catch (final IOException failed) {
            lastWords = failed.getMessage();
            log.say("no worker can be started: " + failed.getMessage());
            return Optional.empty();
        }
        final CompletableFuture<WorkerLink> report =
                reports.computeIfAbsent(process.pid(), unknown -> new CompletableFuture<>());
        Thread.ofPlatform().daemon().name("words-" + process.pid()).start(() -> copyWords(process, report));
        try {
            return Optional.of(report.get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (final ExecutionException ended) {
            log.say("process " + process.pid() + " ended before it served: " + lastWords);
        } catch (final TimeoutException silent) {
            lastWords = "it did not report within " + START_PATIENCE.toSeconds() + " s";
            log.say("process " + process.pid() + " is killed: " + lastWords);
            process.destroyForcibly();
        } finally {
            reports.remove(process.pid());
        }
        return Optional.empty();
    }

    private void copyWords(final Process process, final CompletableFuture<WorkerLink> report) {
        try (BufferedReader words = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = words.readLine(); line != null; line = words.readLine()) {
                log.write(line);
                if (!line.isBlank() && !report.isDone()) {
                    lastWords = line;
                }
            }
        } catch (final IOException brokenOff) {
            log.say("process " + process.pid() + " is not heard any more: " + brokenOff.getMessage());
        }
        report.completeExceptionally(new IOException("it ended"));
    }

    /**
     * Goes on with a worker started by another command, when that has reported.
     *
     * @return why it could not be, or empty
     */
    Optional<String> upgrade(final List<String> arguments) throws InterruptedException, IOException {
        final Optional<WorkerLink> old = current.filter(WorkerLink::isThere);
        final Optional<WorkerLink> fresh = start(arguments);
        if (fresh.isEmpty()) {
            return Optional.of("the new process does not start, the old one goes on: " + lastWords);
        }
        command = arguments;
        if (old.isEmpty() || !old.get().handOverTo(fresh.get())) {
            fresh.get().letGo();
            return Optional.of("the old process has just died and has a successor; try again");
        }
        old.get().awaitHandedOver(HAND_OVER_PATIENCE);
        return Optional.empty();
    }

    void end() {
        ending.countDown();
        current.ifPresent(WorkerLink::letGo);
    }
}
