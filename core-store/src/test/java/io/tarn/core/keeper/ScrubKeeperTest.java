package io.tarn.core.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ContentReader;
import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Scrubber;
import io.tarn.core.node.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scrubbing on a whole node, with a disk that gives back other bytes than were written. */
final class ScrubKeeperTest {
    private static final Duration INTERVAL = Duration.ofDays(7);

    @TempDir
    Path data;

    private final Quarantine quarantine = new Quarantine();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private TestNode node;
    private long volume;

    @BeforeEach
    void start() {
        node = TestNode.start(data);
        volume = node.volume("bucket");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private ScrubKeeper scrubber() {
        return new ScrubKeeper(
                node.session(),
                node.node.extents(),
                node.pins(),
                quarantine,
                new ScrubSettings(1L << 40, INTERVAL),
                data.resolve("position"),
                now::get,
                Waits.until(new CountDownLatch(1)));
    }

    private static void runRound(final ScrubKeeper scrubber) {
        boolean more = true;
        while (more) {
            more = scrubber.round();
        }
    }

    /** Turns the bits of one byte in the first extent. */
    private void corrupt(final long at) throws IOException {
        final Path file;
        try (Stream<Path> files = Files.walk(data.resolve("extents"))) {
            file = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) ~one.get(0));
            channel.write(one.flip(), at);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aCorruptBlockIsReportedWithItsFilesAndNotReadAgain() throws IOException {
        final var info = node.put(volume, "dir/rotten", TestNode.bytes(100_000, 1));
        node.name(volume, "dir/copy", node.objects().cloneOf(info, 0, 100_000));
        node.put(volume, "sound", TestNode.bytes(100_000, 2));
        node.seal();
        corrupt(50_000);
        runRound(scrubber());
        assertThat(quarantine.size()).isEqualTo(1);
        final UnreadableBlock found = quarantine.blocks().getFirst();
        assertThat(found.files())
                .containsExactlyInAnyOrder("volume " + volume + ": dir/rotten", "volume " + volume + ": dir/copy");
        assertThat(found.text()).contains("dir/rotten").contains("checksum");
        assertThatThrownBy(() -> quarantine.requireReadable(found.block()))
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(Failure.CORRUPT));
    }

    @Test
    void aRoundBeginsWhenItIsDueAndABlockLeavesQuarantineWhenNobodyNeedsIt() throws IOException {
        node.put(volume, "rotten", TestNode.bytes(100_000, 1));
        node.seal();
        corrupt(50_000);
        final ScrubKeeper scrubber = scrubber();
        runRound(scrubber);
        assertThat(scrubber.done()).isEqualTo(1);
        assertThat(scrubber.round()).isFalse();
        assertThat(scrubber.done()).isEqualTo(1);
        node.put(volume, "rotten", TestNode.bytes(100_000, 2));
        node.seal();
        now.updateAndGet(time -> time.plus(INTERVAL));
        runRound(scrubber);
        assertThat(quarantine.size()).isZero();
        assertThat(scrubber.done()).isEqualTo(2);
        try (ContentReader reader = node.objects().open(volume, Key.of("rotten"), Optional.empty())) {
            assertThat(TestNode.read(reader)).isEqualTo(TestNode.bytes(100_000, 2));
        }
    }

    @Test
    void whatWasUnreadableIsKnownAfterARestart() throws IOException {
        node.put(volume, "rotten", TestNode.bytes(100_000, 1));
        node.seal();
        corrupt(50_000);
        runRound(scrubber());
        final Quarantine fresh = new Quarantine();
        final ScrubKeeper restarted = new ScrubKeeper(
                node.session(),
                node.node.extents(),
                node.pins(),
                fresh,
                new ScrubSettings(1L << 40, INTERVAL),
                data.resolve("position"),
                now::get,
                Waits.until(new CountDownLatch(1)));
        assertThat(restarted.round()).isFalse();
        assertThat(fresh.blocks().getFirst().text()).contains("rotten");
    }

    @Test
    void aBlockThatReadsAgainLeavesQuarantine() throws IOException {
        node.put(volume, "sick", TestNode.bytes(100_000, 1));
        node.seal();
        corrupt(50_000);
        runRound(scrubber());
        corrupt(50_000);
        now.updateAndGet(time -> time.plus(INTERVAL));
        runRound(scrubber());
        assertThat(quarantine.blocks()).isEmpty();
    }

    @Test
    void aRoundGoesOnAfterARestart() {
        for (int extent = 0; extent < 3; extent++) {
            node.put(volume, "k" + extent, TestNode.bytes(10_000, extent));
            node.seal();
        }
        final ScrubKeeper first = scrubber();
        assertThat(first.round()).isTrue();
        final ScrubJournal journal = new ScrubJournal(data.resolve("position"));
        final ScrubJournal.State begun = journal.load();
        assertThat(begun.running()).isTrue();
        journal.save(new ScrubJournal.State(
                begun.roundBeganNanos(),
                true,
                new Scrubber.Position(Optional.of(node.extents().get(1)), 0),
                List.of()));
        final ScrubKeeper second = scrubber();
        runRound(second);
        assertThat(second.done()).isEqualTo(2);
        assertThat(journal.load().running()).isFalse();
        assertThat(List.of(first.skipped(), second.skipped())).containsOnly(0L);
    }
}
