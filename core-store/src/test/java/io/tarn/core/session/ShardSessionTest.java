package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.UpkeepQueries;
import io.tarn.core.namespace.wire.Command;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Commands of a client whose session may be lost under it. */
final class ShardSessionTest {
    private final MemoryShard shard = MemoryShard.alone();
    private final AtomicLong given = new AtomicLong(10);
    private final ShardSession session = open(given);

    private ShardSession open(final AtomicLong ids) {
        final ShardSession opened = new ShardSession(shard, ids::get, new ReadPins());
        opened.open();
        return opened;
    }

    private static Command.Builder command() {
        return NamespaceCommands.createRoot(1, "tenant", 0, 0, Quota.NONE, Versioning.OFF);
    }

    private void endByAnother() {
        open(new AtomicLong(99)).end(List.of(given.get()));
    }

    @Test
    void aSessionThatWasLostIsReplacedByTheOneTheControlGroupGives() {
        session.call(command());
        endByAnother();
        given.set(11);
        session.call(command());
        assertThat(session.session()).isEqualTo(11);
        assertThat(shard.<List<Long>>read(store -> new UpkeepQueries(store).sessions(0, 10)))
                .containsExactly(11L, 99L);
    }

    @Test
    void aSessionThatIsStillTheOneGivenIsNotOpenedAgain() {
        endByAnother();
        assertThatThrownBy(() -> session.call(command()))
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(Failure.STALE_SESSION));
    }

    @Test
    void aCommandWhoseReplyWasLostTakesEffectOnce() {
        shard.loseReplies(2);
        final long root = session.call(command()).getId().getId();
        assertThat(session.call(command()).getId().getId()).isEqualTo(root);
    }

    @Test
    void theWindowOfCommandsUnderWayIsBounded() {
        final SequenceWindow window = new SequenceWindow(1);
        final long stuck = window.begin();
        for (int i = 1; i < SequenceWindow.OUTSTANDING_MAX; i++) {
            window.end(window.begin());
        }
        assertThatThrownBy(window::begin)
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(Failure.UNAVAILABLE));
        assertThat(window.acknowledgedBelow()).isEqualTo(stuck);
        window.end(stuck);
        assertThat(window.begin()).isEqualTo(SequenceWindow.OUTSTANDING_MAX + 1L);
    }
}
