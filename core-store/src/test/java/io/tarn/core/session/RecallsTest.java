package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.namespace.wire.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is asked for a directory, and what becomes of one who does not answer. */
final class RecallsTest {
    private static final Visit WANTED =
            Visit.newBuilder().setSession(7).setDirectory(9).setShard(1).build();

    private final AtomicLong now = new AtomicLong();
    private final Recalls recalls = new Recalls(now::get);
    private final List<Long> here = new ArrayList<>();
    private final List<Long> elsewhere = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();

    RecallsTest() {
        recalls.reach((session, directory) -> elsewhere.add(directory));
        recalls.endBy(ended::add);
    }

    private void askFor(final Duration time) {
        final long until = now.get() + time.toNanos();
        while (now.get() < until) {
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            recalls.ask(WANTED);
        }
    }

    @Test
    void aClientOfThisProcessIsAskedDirectlyUntilItIsClosed() {
        final AtomicBoolean closed = new AtomicBoolean();
        recalls.register(7, here::add, closed::get);
        recalls.ask(WANTED);
        assertThat(here).containsExactly(9L);
        assertThat(elsewhere).isEmpty();
        closed.set(true);
        recalls.register(8, here::add, () -> false);
        recalls.ask(WANTED);
        assertThat(here).hasSize(1);
        assertThat(elsewhere).containsExactly(9L);
    }

    @Test
    void whoDoesNotAnswerForLongLosesHisSession() {
        askFor(Recalls.PATIENCE);
        assertThat(ended).isEmpty();
        askFor(Duration.ofSeconds(2));
        assertThat(ended).containsExactly(7L);
    }

    @Test
    void whoIsNotAskedForAWhileHasAnswered() {
        askFor(Recalls.PATIENCE.dividedBy(2));
        now.addAndGet(Recalls.PATIENCE.toNanos());
        askFor(Recalls.PATIENCE.dividedBy(2));
        assertThat(ended).isEmpty();
    }
}
