package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dirty runs against a plain array. */
class DirtyRunsTest {
    private static final int SIZE = 400;

    @Test
    void theyHoldWhatWasWrittenLast() {
        for (long seed = 0; seed < 300; seed++) {
            final Random random = new Random(seed);
            final DirtyRuns runs = new DirtyRuns();
            final byte[] expected = new byte[SIZE];
            final boolean[] dirty = new boolean[SIZE];
            for (int step = 0; step < 40; step++) {
                final byte[] bytes = new byte[1 + random.nextInt(30)];
                random.nextBytes(bytes);
                final int offset = random.nextInt(SIZE - bytes.length);
                runs.write(offset, ByteBuffer.wrap(bytes));
                System.arraycopy(bytes, 0, expected, offset, bytes.length);
                Arrays.fill(dirty, offset, offset + bytes.length, true);
                check(runs, expected, dirty, seed);
                final int from = random.nextInt(SIZE);
                final int length = random.nextInt(SIZE - from + 1);
                final ByteBuffer target = ByteBuffer.allocate(SIZE);
                runs.overlay(from, length, target, from);
                for (int at = 0; at < SIZE; at++) {
                    final boolean within = at >= from && at < from + length && dirty[at];
                    assertThat(target.get(at)).as("seed %d", seed).isEqualTo(within ? expected[at] : 0);
                }
            }
        }
    }

    private static void check(final DirtyRuns runs, final byte[] expected, final boolean[] dirty, final long seed) {
        final boolean[] found = new boolean[SIZE];
        final long[] previous = {-1, 0};
        runs.forEach((offset, run) -> {
            assertThat(offset)
                    .as("seed %d: runs neither overlap nor touch", seed)
                    .isGreaterThan(previous[0]);
            previous[0] = offset + run.remaining();
            previous[1] += run.remaining();
            for (int at = 0; at < run.remaining(); at++) {
                found[(int) (offset + at)] = true;
                assertThat(run.get(at)).as("seed %d", seed).isEqualTo(expected[(int) (offset + at)]);
            }
        });
        assertThat(found).as("seed %d", seed).isEqualTo(dirty);
        assertThat(runs.bytes()).isEqualTo(previous[1]);
        assertThat(runs.end()).isEqualTo(Math.max(0, previous[0]));
    }
}
