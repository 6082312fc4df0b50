package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentInfo;
import io.tarn.core.file.SimulatedFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the keeper of a node does when others do something at the same time, and when a file fails. */
final class KeeperRulesTest {
    private static final int LARGE = 3000;
    private static final Duration LONG = SimulatedNode.IDLE_AFTER.plusSeconds(1);

    private final SimulatedFiles disk = new SimulatedFiles(SimulatedNode.ROOT);
    private final AtomicReference<Interfering> interfering = new AtomicReference<>();
    private final SimulatedNode node = SimulatedNode.start(disk, 1, new SimulatedNode.Clock(), shard -> {
        interfering.set(new Interfering(shard));
        return interfering.get();
    });

    private static Bytes bytes(final int seed) {
        return Bytes.random(new Random(seed), LARGE);
    }

    private void put(final String key, final Bytes content) {
        try (ContentWriter writer = node.objects().write(SimulatedNode.PLAIN)) {
            writer.write(ByteBuffer.wrap(content.toArray()));
            node.objects()
                    .put(
                            SimulatedNode.PLAIN,
                            Key.of(key),
                            Run.OWNER,
                            writer.finish(),
                            "etag",
                            ObjectMeta.NONE,
                            Precondition.NONE);
        }
    }

    private ContentReader open(final String key) {
        return node.objects().open(SimulatedNode.PLAIN, Key.of(key), Optional.empty());
    }

    private void delete(final String key) {
        assertThat(node.objects()
                        .delete(SimulatedNode.PLAIN, Key.of(key), Optional.empty(), "tenant/user", Precondition.NONE)
                        .deleteMarker())
                .isFalse();
    }

    private void sealAll() {
        node.clock().advance(LONG);
        node.keep();
    }

    private Path file(final ExtentId extent) {
        return node.extents().path(extent);
    }

    /** Two reads come before the keeper looks at the extent itself: that of orphans and that of what is dirty. */
    @Test
    void whatIsFreedWhileTheKeeperIsAtWorkIsNotTakenFromUnderAReader() {
        for (int reads = 1; reads <= 4; reads++) {
            put("kept", bytes(1));
            put("garbage", bytes(2));
            put("read", bytes(3));
            sealAll();
            delete("garbage");
            final AtomicReference<ContentReader> reader = new AtomicReference<>();
            interfering.get().after(reads, () -> {
                reader.set(open("read"));
                delete("read");
            });
            node.keep();
            assertThat(node.read(reader.get())).as("after " + reads + " reads").isEqualTo(bytes(3));
            reader.get().close();
            node.keep();
        }
    }

    @Test
    void aCopyThatCouldNotBeSealedIsSealedBeforeItIsPunched() {
        put("kept", bytes(1));
        put("garbage", bytes(2));
        final ExtentId extent = node.store().list().getFirst().extent();
        disk.fail(file(extent));
        sealAll();
        delete("garbage");
        node.keep();
        assertThat(node.store().info(extent).state()).isNotEqualTo(ExtentInfo.State.SEALED);
        disk.heal(file(extent));
        final SimulatedNode restarted =
                SimulatedNode.start(disk.crash(new Random(1)), 2, new SimulatedNode.Clock(), UnaryOperator.identity());
        for (final SimulatedNode each : new SimulatedNode[] {node, restarted}) {
            each.keep();
            assertThat(each.store().info(extent).state()).isEqualTo(ExtentInfo.State.SEALED);
            new Audit(each).noSpaceLost();
            new Audit(each).sound();
        }
    }

    @Test
    void aFileThatFailsDoesNotKeepOthersFromBeingCleaned() {
        put("first", bytes(1));
        sealAll();
        final ExtentId broken = node.store().list().getFirst().extent();
        put("second", bytes(2));
        sealAll();
        delete("first");
        delete("second");
        disk.fail(file(broken).getParent());
        disk.fail(file(broken));
        node.keep();
        assertThat(node.store().list()).extracting(ExtentInfo::extent).containsExactly(broken);
        disk.heal(file(broken).getParent());
        disk.heal(file(broken));
        node.keep();
        assertThat(node.store().list()).isEmpty();
        new Audit(node).noSpaceLost();
    }

    @Test
    void aWriterWhoseSessionIsOverIsFenced() {
        put("kept", bytes(1));
        final ContentWriter left = node.objects().write(SimulatedNode.PLAIN);
        left.write(ByteBuffer.wrap(bytes(2).toArray()));
        node.openSession(2);
        node.keep();
        assertThat(node.store().list()).extracting(ExtentInfo::state).containsOnly(ExtentInfo.State.SEALED);
        new Audit(node).noSpaceLost();
        assertThatThrownBy(left::finish)
                .isInstanceOfSatisfying(StorageException.class, stale -> assertThat(stale.failure())
                        .isEqualTo(Failure.STALE_SESSION));
        left.close();
        assertThat(node.read(open("kept"))).isEqualTo(bytes(1));
    }

    @Test
    void aCommandThatMayBeInTheLogIsNotSaidToHaveFailed() {
        disk.failAfter(1, Long.MAX_VALUE, Failure.IO_ERROR);
        assertThatThrownBy(() -> put("unknown", Bytes.random(new Random(1), 10)))
                .isInstanceOfSatisfying(StorageException.class, unknown -> assertThat(unknown.failure())
                        .isEqualTo(Failure.TIMEOUT));
        assertThatThrownBy(() -> put("refused", Bytes.random(new Random(1), 10)))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(Failure.UNAVAILABLE));
        disk.recover();
        node.shard().resume();
        assertThat(node.look().names()).hasSize(1);
    }
}
