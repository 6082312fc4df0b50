package io.tarn.core.shard;

import static io.tarn.core.shard.RegisterState.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.RocksResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SingleMemberTest {
    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(RocksResources.Sizes.defaults());
    private final List<RatisNode> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.reversed().forEach(RatisNode::close);
        resources.close();
    }

    @Test
    void answersEachCommandAndReadsWhatItAcknowledged() {
        final Shard shard = leader(start("a"));
        assertThat(set(shard, "x", "1")).isEmpty();
        assertThat(set(shard, "x", "2")).isEqualTo("1");
        assertThat(get(shard, "x")).isEqualTo("2");
    }

    @Test
    void packsWaitingCommandsInFewEntries() {
        final Shard shard = leader(start("a"));
        setMany(shard, 5_000);
        final ShardStats stats = shard.stats();
        assertThat(stats.proposals()).isEqualTo(5_000);
        assertThat(stats.commandsSubmitted()).isEqualTo(5_000);
        assertThat(stats.entries()).isLessThan(1_000);
        assertThat(shard.read(RegisterState::count)).isEqualTo(5_000);
    }

    @Test
    void keepsItsStateAndPortOverARestart() {
        final RatisNode first = start("a");
        setMany(leader(first), 300);
        final int port = first.port();
        close(first);
        final RatisNode second = start("a");
        assertThat(second.port()).isEqualTo(port);
        final Shard shard = leader(second);
        assertThat(shard.read(RegisterState::count)).isEqualTo(300);
        assertThat(set(shard, "k7", "new")).isEqualTo("7");
    }

    @Test
    void replaysTheLogAfterAKill() {
        setMany(leader(start("a")), 300);
        copy("a", "killed");
        final Shard shard = leader(start("killed"));
        assertThat(shard.read(RegisterState::count)).isEqualTo(300);
        assertThat(get(shard, "k299")).isEqualTo("299");
    }

    @Test
    void purgesTheLogAfterSnapshotsAndRestartsFromTheStore() {
        final RatisNode node = start("a", smallSnapshots());
        final Shard shard = leader(node);
        for (int round = 0; round < 40; round++) {
            set(shard, "large", "x".repeat(200_000));
        }
        Await.until("the first segments are purged", () -> segments("a").noneMatch(name -> name.startsWith("log_0-")));
        assertThat(shard.stats().snapshotIndex()).isPositive();
        copy("a", "killed");
        final Shard killed = leader(start("killed", smallSnapshots()));
        assertThat(killed.read(RegisterState::count)).isEqualTo(40);
        assertThat(get(killed, "large")).hasSize(200_000);
    }

    @Test
    void cutsATornTailAndKeepsEverythingAcknowledged() {
        setMany(leader(start("a")), 300);
        copy("a", "torn");
        final byte[] garbage = new byte[700];
        new java.util.Random(5).nextBytes(garbage);
        scribble("torn", endOfEntries("torn"), garbage);
        final Shard shard = leader(start("torn"));
        assertThat(shard.read(RegisterState::count)).isEqualTo(300);
        set(shard, "after", "1");
        copy("torn", "again");
        assertThat(get(leader(start("again")), "after")).isEqualTo("1");
    }

    @Test
    void survivesAnEntryCutShort() {
        final Shard shard = leader(start("a"));
        setMany(shard, 300);
        copy("a", "before");
        set(shard, "last", "x".repeat(3_000));
        copy("a", "torn");
        truncate("torn", endOfEntries("torn") - 1_000);
        assertThat(leader(start("torn")).read(RegisterState::count)).isEqualTo(300);
    }

    @Test
    void refusesALogThatIsBrokenInTheMiddle() {
        setMany(leader(start("a")), 300);
        set(leader(nodes.getFirst()), "x", "1");
        copy("a", "broken");
        scribble("broken", 20, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThatThrownBy(() -> start("broken")).isInstanceOf(StorageException.class);
    }

    @Test
    void stopsAtAnEntryThatCannotBeApplied() {
        final RatisNode node = start("a");
        final Shard shard = leader(node);
        set(shard, "x", "1");
        assertThatThrownBy(() -> shard.propose(bytes("boom")).join()).hasMessageContaining("boom");
        assertThat(failure(() -> shard.propose(bytes("x=2")).join())).isEqualTo(Failure.UNAVAILABLE);
        assertThat(failure(() -> shard.read(RegisterState::count))).isEqualTo(Failure.IO_ERROR);
        assertThat(shard.stoppedBy()).isPresent();
    }

    @Test
    void resumesAfterTheLogCouldNotBeWritten() {
        final RatisNode node = start("a");
        final RatisShard shard = (RatisShard) leader(node);
        setMany(shard, 300);
        shard.logFailed(LogFailure.of("test", new IOException("Input/output error")));
        assertThat(failure(() -> set(shard, "x", "1"))).isEqualTo(Failure.UNAVAILABLE);
        assertThat(shard.read(RegisterState::count)).isEqualTo(300);
        node.resume(0);
        leader(node);
        set(shard, "x", "2");
        assertThat(shard.read(RegisterState::count)).isEqualTo(301);
    }

    @Test
    void resumesByItselfWhenADiskWasFull() {
        final RatisNode node = start("a");
        final RatisShard shard = (RatisShard) leader(node);
        shard.logFailed(LogFailure.of("test", new IOException("No space left on device")));
        assertThat(shard.isLeader()).isFalse();
        assertThat(shard.read(RegisterState::count)).isZero();
        Await.until("the shard is resumed", shard::isLeader);
        set(shard, "x", "1");
        assertThat(get(shard, "x")).isEqualTo("1");
    }

    @Test
    void refusesCommandsThatFitInNoEntry() {
        final Shard shard = leader(start("a"));
        final byte[] command = new byte[ShardOptions.ENTRY_BYTES_MAX];
        assertThat(failure(() -> shard.propose(command))).isEqualTo(Failure.TOO_LARGE);
        final int largest = ShardOptions.ENTRY_BYTES_MAX - (17 << 10);
        set(shard, "large", "x".repeat(largest));
        assertThat(get(shard, "large")).hasSize(largest);
    }

    @Test
    void refusesEverythingAfterClose() {
        final RatisNode node = start("a");
        final Shard shard = leader(node);
        close(node);
        assertThat(failure(() -> shard.propose(bytes("x=1")).join())).isEqualTo(Failure.UNAVAILABLE);
        assertThat(failure(() -> shard.read(RegisterState::count))).isEqualTo(Failure.UNAVAILABLE);
    }

    private RatisNode start(final String name) {
        return start(name, ShardOptions.defaults());
    }

    private RatisNode start(final String name, final ShardOptions shards) {
        final NodeOptions plain = NodeOptions.embedded(directory.resolve(name));
        final NodeOptions options = new NodeOptions(
                plain.node(), plain.logDirectory(), plain.storeDirectory(), plain.host(), plain.port(), shards);
        final RatisNode node = RatisNode.start(
                options,
                List.of(ShardSpec.alone(0, new RegisterState()), ShardSpec.alone(1, new RegisterState())),
                resources);
        nodes.add(node);
        return node;
    }

    private static ShardOptions smallSnapshots() {
        final ShardOptions plain = ShardOptions.defaults();
        return new ShardOptions(
                plain.lease(),
                plain.electionTimeout(),
                plain.proposalTimeout(),
                plain.snapshotEntries(),
                1 << 20,
                ShardOptions.ENTRY_BYTES_MAX);
    }

    private void close(final RatisNode node) {
        nodes.remove(node);
        node.close();
    }

    private static Shard leader(final RatisNode node) {
        final Shard shard = node.shardOf(0);
        Await.until("the shard leads", shard::isLeader);
        return shard;
    }

    private static String set(final Shard shard, final String key, final String value) {
        return new String(shard.propose(bytes(key + "=" + value)).join(), UTF_8);
    }

    private static String get(final Shard shard, final String key) {
        return shard.read(store -> RegisterState.get(store, key));
    }

    private static void setMany(final Shard shard, final int count) {
        final List<CompletableFuture<byte[]>> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(shard.propose(bytes("k" + i + "=" + i)));
        }
        replies.forEach(CompletableFuture::join);
    }

    private static Failure failure(final Runnable action) {
        try {
            action.run();
        } catch (final StorageException e) {
            return e.failure();
        } catch (final CompletionException e) {
            return ((StorageException) e.getCause()).failure();
        }
        throw new AssertionError("did not fail");
    }

    private void copy(final String from, final String to) {
        KilledCopy.of(directory.resolve(from), directory.resolve(to));
    }

    private Stream<String> segments(final String name) {
        final Path log = openSegment(name).getParent();
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path openSegment(final String name) {
        final Path log = directory.resolve(name).resolve("log");
        try (Stream<Path> files = Files.walk(log)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress")
                            && file.toString().contains("-000000000000/"))
                    .findFirst()
                    .orElseThrow();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long endOfEntries(final String name) {
        try {
            final byte[] bytes = Files.readAllBytes(openSegment(name));
            int end = bytes.length;
            while (bytes[end - 1] == 0) {
                end--;
            }
            return end;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scribble(final String name, final long position, final byte[] bytes) {
        try (FileChannel channel = FileChannel.open(openSegment(name), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void truncate(final String name, final long size) {
        try (FileChannel channel = FileChannel.open(openSegment(name), StandardOpenOption.WRITE)) {
            channel.truncate(size);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
