package io.tarn.bench.load;

import io.tarn.bench.s3.KeySet;
import io.tarn.bench.s3.S3Connection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/** The steps of the operations. */
final class Steps {
    /** One GET in this many is compared byte by byte; all have their length verified. */
    private static final int COMPARE_ONE_IN = 16;

    private static final int PERCENT = 100;
    private static final int MIXED_GET = 45;
    private static final int MIXED_HEAD = MIXED_GET + 30;
    private static final int MIXED_PUT = MIXED_HEAD + 15;

    private Steps() {}

    static Step put(final KeySet keys, final int sizeBytes) {
        return (connection, index) -> {
            connection.put(keys, index, sizeBytes);
            return sizeBytes;
        };
    }

    static Step delete(final KeySet keys) {
        return (connection, index) -> {
            connection.delete(keys, index);
            return 0;
        };
    }

    static Step get(final Stage stage, final int worker) {
        final SplittableRandom random = new SplittableRandom(worker);
        return (connection, index) -> {
            connection.get(
                    stage.base(), random.nextInt(stage.baseCount()), stage.sizeBytes(), index % COMPARE_ONE_IN == 0);
            return stage.sizeBytes();
        };
    }

    static Step head(final Stage stage, final int worker) {
        final SplittableRandom random = new SplittableRandom(worker);
        return (connection, index) -> {
            connection.head(stage.base(), random.nextInt(stage.baseCount()), stage.sizeBytes());
            return 0;
        };
    }

    static Step list(final Stage stage, final int worker) {
        final SplittableRandom random = new SplittableRandom(worker);
        final int starts = stage.baseCount() - S3Connection.LIST_PAGE_KEYS + 1;
        return (connection, index) -> {
            connection.list(stage.base(), random.nextInt(starts));
            return 0;
        };
    }

    /**
     * Mixed load. Objects are put under the operation's index, and the worker deletes what it put, oldest first; with nothing to
     * delete it puts.
     */
    static Mixed mixed(final Stage stage, final KeySet written, final int worker) {
        return new Mixed(stage, written, worker);
    }

    /** The mixed step, which remembers what it left behind. Used by its worker, then by the thread that waited for it. */
    static final class Mixed implements Step {
        private final Stage stage;
        private final KeySet written;
        private final SplittableRandom random;
        private final ArrayDeque<Long> left = new ArrayDeque<>();

        private Mixed(final Stage stage, final KeySet written, final int worker) {
            this.stage = stage;
            this.written = written;
            this.random = new SplittableRandom(worker);
        }

        @Override
        public long perform(final S3Connection connection, final long index) throws IOException {
            final int dice = random.nextInt(PERCENT);
            final int size = stage.sizeBytes();
            if (dice < MIXED_GET) {
                connection.get(stage.base(), random.nextInt(stage.baseCount()), size, index % COMPARE_ONE_IN == 0);
                return size;
            }
            if (dice < MIXED_HEAD) {
                connection.head(stage.base(), random.nextInt(stage.baseCount()), size);
                return 0;
            }
            if (dice < MIXED_PUT || left.isEmpty()) {
                connection.put(written, index, size);
                left.add(index);
                return size;
            }
            connection.delete(written, left.remove());
            return 0;
        }

        /** Numbers of the objects put and not deleted. */
        ArrayDeque<Long> left() {
            return left;
        }
    }
}
