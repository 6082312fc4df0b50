package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.fs.Failures.Doing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Patience LONG = new Patience(Duration.ofMinutes(1));

    private final AtomicInteger calls = new AtomicInteger();

    private int failing(final int times, final Failure failure) {
        if (calls.incrementAndGet() <= times) {
            throw new StorageException(failure, "as the test wants it");
        }
        return calls.get();
    }

    @Test
    void whatFindsNoServerGoesOnWhenItIsBack() {
        assertThat(LONG.once(Doing.MAKE, () -> failing(3, Failure.UNAVAILABLE))).isEqualTo(4);
        assertThat(LONG.query(Doing.LOOKUP, () -> failing(6, Failure.TIMEOUT))).isEqualTo(7);
    }

    @Test
    void whatMayHaveHappenedIsNotDoneAgainUnlessThatIsHarmless() {
        TestMount.refuses(Errno.EIO, () -> LONG.once(Doing.MAKE, () -> failing(1, Failure.TIMEOUT)));
        assertThat(calls).hasValue(1);
        assertThat(LONG.repeatable(Doing.ATTRIBUTES, () -> failing(2, Failure.TIMEOUT)))
                .isEqualTo(3);
    }

    @Test
    void patienceEnds() {
        final Patience none = new Patience(Duration.ZERO);
        TestMount.refuses(
                Errno.EIO, () -> none.query(Doing.LOOKUP, () -> failing(Integer.MAX_VALUE, Failure.UNAVAILABLE)));
    }

    @Test
    void aWaitForTheServerIsInterrupted() throws InterruptedException {
        final CountDownLatch begun = new CountDownLatch(1);
        final List<Optional<Errno>> outcome = new ArrayList<>();
        final Thread waiting = Thread.ofVirtual()
                .start(() -> outcome.add(TestMount.errno(() -> LONG.once(Doing.MAKE, () -> {
                    begun.countDown();
                    return failing(Integer.MAX_VALUE, Failure.UNAVAILABLE);
                }))));
        begun.await();
        waiting.interrupt();
        waiting.join();
        assertThat(outcome).containsExactly(Optional.of(Errno.EINTR));
    }

    @Test
    void aChangeUnderWayIsNotTornByAnInterrupt() throws InterruptedException {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final List<Optional<Errno>> outcome = new ArrayList<>();
        final Thread changing = Thread.ofVirtual()
                .start(() -> outcome.add(TestMount.errno(() -> LONG.once(Doing.MAKE, () -> {
                    begun.countDown();
                    try {
                        go.await();
                    } catch (final InterruptedException torn) {
                        throw new StorageException(Failure.UNAVAILABLE, "torn", torn);
                    }
                }))));
        begun.await();
        changing.interrupt();
        go.countDown();
        changing.join();
        assertThat(outcome).containsExactly(Optional.empty());
    }
}
