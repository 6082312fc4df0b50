package io.tarn.bench.mount.work;

import io.tarn.bench.linux.Calls;
import io.tarn.bench.linux.NumberedPath;
import io.tarn.bench.mount.Tally;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Files of 4 KiB in a directory for each worker; each holds its worker and number, so that what is read can be checked. Not thread-safe but for
 * the operations, each of which belongs to one worker.
 */
final class SmallFiles {
    private static final int BYTES = 4096;
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final Duration LOOKING_ONCE = Duration.ofMinutes(5);

    private final Path[] directories;
    private long[] made;

    SmallFiles(final Path directory, final int workers) throws IOException {
        directories = new Path[workers];
        made = new long[workers];
        for (int worker = 0; worker < workers; worker++) {
            directories[worker] = Files.createDirectory(directory.resolve("w" + worker));
        }
    }

    /** Makes and writes files, {@code each} by each worker, as many as the time allows. */
    Workers.Done make(final long each, final Duration limit, final boolean sync)
            throws IOException, InterruptedException {
        final Workers.Done done = Workers.run(directories.length, each, limit, worker -> making(worker, sync));
        made = done.counts();
        return done;
    }

    /** Looks at the attributes of files that were made, again and again; each was looked at just before. */
    Workers.Done lookAgain(final long mostFiles, final Duration limit) throws IOException, InterruptedException {
        final long[] files = lookOnce(mostFiles);
        return Workers.run(directories.length, Long.MAX_VALUE, limit, worker -> looking(worker, files[worker]));
    }

    /**
     * Looks at each once, when all were looked at two seconds ago, as often as the time allows. What a file system remembers for a
     * second, as many do, it asks for anew.
     */
    Tally lookAfterAWhile(final long mostFiles, final Duration limit) throws IOException, InterruptedException {
        final long[] files = lookOnce(mostFiles);
        final List<Tally> passes = new ArrayList<>();
        final long deadline = System.nanoTime() + limit.toNanos();
        do {
            TimeUnit.NANOSECONDS.sleep(A_WHILE.toNanos());
            passes.add(Workers.run(files, LOOKING_ONCE, worker -> looking(worker, files[worker]))
                    .tally());
        } while (System.nanoTime() < deadline);
        return Tally.ofPasses(passes);
    }

    private long[] lookOnce(final long mostFiles) throws IOException, InterruptedException {
        final long[] files = atMost(mostFiles);
        Workers.run(files, LOOKING_ONCE, worker -> looking(worker, files[worker]));
        return files;
    }

    /** Opens, reads and closes each file once. */
    Workers.Done readEach(final long mostFiles, final Duration limit) throws IOException, InterruptedException {
        final long[] files = atMost(mostFiles);
        return Workers.run(files, limit, worker -> reading(worker, files[worker]));
    }

    /** The same again and again; each was read before. */
    Workers.Done readAgain(final long mostFiles, final Duration limit) throws IOException, InterruptedException {
        readEach(mostFiles, LOOKING_ONCE);
        final long[] files = atMost(mostFiles);
        return Workers.run(directories.length, Long.MAX_VALUE, limit, worker -> reading(worker, files[worker]));
    }

    /** Removes what was made, as much as the time allows. */
    Workers.Done remove(final Duration limit) throws IOException, InterruptedException {
        return Workers.run(made, limit, worker -> {
            final NumberedPath path = new NumberedPath(directories[worker]);
            return (calls, number) -> calls.unlink(path.of(number));
        });
    }

    private long[] atMost(final long files) throws IOException {
        final long each = Math.max(1, files / directories.length);
        final long[] counts =
                Arrays.stream(made).map(count -> Math.min(count, each)).toArray();
        if (Arrays.stream(counts).anyMatch(count -> count == 0)) {
            throw new IOException("not one file could be made in the time");
        }
        return counts;
    }

    private Workers.Operation making(final int worker, final boolean sync) {
        final NumberedPath path = new NumberedPath(directories[worker]);
        final MemorySegment content = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        RandomGenerator.getDefault().longs(BYTES / Long.BYTES).forEach(new Filling(content)::add);
        return (calls, number) -> {
            content.set(ValueLayout.JAVA_LONG, 0, signature(worker, number));
            final int descriptor = calls.open(path.of(number), Calls.WRITE_ONLY | Calls.CREATE | Calls.EXCLUSIVE);
            if (calls.write(descriptor, content.address(), BYTES) != BYTES) {
                throw new IOException("a write was cut short");
            }
            if (sync) {
                calls.fsync(descriptor);
            }
            calls.close(descriptor);
        };
    }

    private Workers.Operation looking(final int worker, final long files) {
        final NumberedPath path = new NumberedPath(directories[worker]);
        return (calls, number) -> calls.stat(path.of(number % files));
    }

    private Workers.Operation reading(final int worker, final long files) {
        final NumberedPath path = new NumberedPath(directories[worker]);
        final MemorySegment content = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        return (calls, number) -> {
            final long file = number % files;
            final int descriptor = calls.open(path.of(file), Calls.READ_ONLY);
            final long count = calls.read(descriptor, content.address(), BYTES);
            calls.close(descriptor);
            if (count != BYTES || content.get(ValueLayout.JAVA_LONG, 0) != signature(worker, file)) {
                throw new IOException("file " + file + " of worker " + worker + " does not hold what was written");
            }
        };
    }

    private static long signature(final int worker, final long number) {
        return (long) worker << Integer.SIZE | number;
    }

    /** Puts numbers behind each other. */
    private static final class Filling {
        private final MemorySegment content;
        private long at;

        Filling(final MemorySegment content) {
            this.content = content;
        }

        void add(final long value) {
            content.setAtIndex(ValueLayout.JAVA_LONG, at++, value);
        }
    }
}
