package io.tarn.core.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.ExtentProposals;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.UpkeepQueries;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.node.TestNode;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions end in the shard when the control group does not have them. */
final class SessionKeeperTest {
    private static final long UNKNOWN_SESSION = 1L << 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path data;

    @Test
    void aSessionThatTheControlGroupDoesNotHaveEndsWithWhatItHeld() {
        try (TestNode node = TestNode.start(data)) {
            final long volume = node.volume("bucket");
            assertThat(sessions(node)).containsExactly(node.session().session());
            final ShardSession stranger = new ShardSession(node.shard(), () -> UNKNOWN_SESSION, new ReadPins());
            stranger.open();
            final ExtentId extent = new ExtentId(stranger.call(ExtentProposals.allocate(volume))
                    .getAllocated()
                    .getExtent());
            final long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (sessions(node).contains(UNKNOWN_SESSION) || state(node, extent) == ExtentState.OPEN) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(sessions(node)).containsExactly(node.session().session());
            node.assertSound();
        }
    }

    private static List<Long> sessions(final TestNode node) {
        return node.shard().read(store -> new UpkeepQueries(store).sessions(0, 100));
    }

    /** A recovered extent is empty, and so it may be gone already. */
    private static ExtentState state(final TestNode node, final ExtentId extent) {
        return node.shard().read(store -> new ExtentQueries(store)
                .extent(extent)
                .map(found -> found.getState())
                .orElse(ExtentState.DROPPED));
    }
}
