package io.tarn.core.shard;

import static io.tarn.core.shard.RegisterState.bytes;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.RocksResources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * States that a crash leaves on the disk of a real shard, between the steps of writing the log, closing a segment, taking a snapshot
 * and purging. A node starts from each with all that was acknowledged; from one that no crash can leave, and that lost something, it
 * refuses to start.
 */
final class ShardCrashStatesTest {
    private static final byte[] SEGMENT_HEADER = "RaftLog1".getBytes(US_ASCII);
    private static final int PREALLOCATED = 1 << 20;

    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(RocksResources.Sizes.defaults());
    private final List<RatisNode> nodes = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.reversed().forEach(RatisNode::close);
        resources.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "empty", "half a header", "zeros", "header", "header and garbage"})
    void startsWithASegmentThatWasJustBegun(final String left) {
        final long last = written("a", 50);
        final ShardFiles files = new ShardFiles(directory.resolve("killed"));
        files.closeSegment(last);
        switch (left) {
            case "nothing" -> {
                // its name was not durable yet
            }
            case "empty" -> files.beginSegment(last + 1, new byte[0]);
            case "half a header" -> files.beginSegment(last + 1, Arrays.copyOf(SEGMENT_HEADER, 3));
            case "zeros" -> files.beginSegment(last + 1, new byte[PREALLOCATED]);
            case "header" -> files.beginSegment(last + 1, Arrays.copyOf(SEGMENT_HEADER, PREALLOCATED));
            default -> {
                final byte[] garbage = Arrays.copyOf(SEGMENT_HEADER, PREALLOCATED);
                final byte[] torn = new byte[900];
                new Random(3).nextBytes(torn);
                System.arraycopy(torn, 0, garbage, SEGMENT_HEADER.length, torn.length);
                files.beginSegment(last + 1, garbage);
            }
        }
        holdsAndGoesOn("killed", 50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raft-meta.tmp", "raft-meta.conf.tmp", "raft-meta.conf"})
    void startsWithWhatAChangeOfTheVoteOrTheMembersLeft(final String name) {
        written("a", 50);
        ShardFiles.write(new ShardFiles(directory.resolve("killed")).log().resolve(name), new byte[] {1, 2, 3});
        holdsAndGoesOn("killed", 50);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void refusesAVoteThatIsTorn(final int length) {
        written("a", 50);
        ShardFiles.truncate(new ShardFiles(directory.resolve("killed")).log().resolve("raft-meta"), length);
        assertThatThrownBy(() -> start("killed", smallSegments()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("raft-meta");
    }

    @Test
    void replaysAllWhenTheStoreIsMissing() {
        written("a", 50);
        ShardFiles.delete(new ShardFiles(directory.resolve("killed")).store());
        holdsAndGoesOn("killed", 50);
    }

    @Test
    void startsWithWhatAFlushOfTheStoreLeftUnfinished() {
        written("a", 50);
        final Path live = new ShardFiles(directory.resolve("killed")).store().resolve("live");
        ShardFiles.write(live.resolve("000900.sst"), new byte[5000]);
        ShardFiles.write(live.resolve("000901.dbtmp"), bytes("MANIFEST-000"));
        ShardFiles.write(live.resolve("MANIFEST-000899"), new byte[] {1, 2, 3});
        holdsAndGoesOn("killed", 50);
    }

    @Test
    void replaysWhatAStoreOfAnEarlierMomentLacks() {
        final RatisNode node = start("a", ShardOptions.defaults());
        set(node, 0, 30);
        KilledCopy.of(directory.resolve("a"), directory.resolve("earlier"));
        set(node, 30, 50);
        ((RatisShard) node.shardOf(0)).flush();
        KilledCopy.of(directory.resolve("a"), directory.resolve("killed"));
        final Path later = new ShardFiles(directory.resolve("killed")).store();
        ShardFiles.delete(later);
        KilledCopy.of(new ShardFiles(directory.resolve("earlier")).store(), later);
        holdsAndGoesOn("killed", 50);
    }

    @Test
    void startsAfterEachStepOfAPurge() {
        final RatisNode node = start("a", smallSegments());
        setLarge(node, 20);
        ((RatisShard) node.shardOf(0)).flush();
        KilledCopy.of(directory.resolve("a"), directory.resolve("purge-0"));
        final int closed =
                new ShardFiles(directory.resolve("purge-0")).segments().size() - 1;
        assertThat(closed).isGreaterThan(1);
        for (int gone = 0; gone <= closed; gone++) {
            final String name = "purge-" + gone;
            if (gone > 0) {
                KilledCopy.of(directory.resolve("purge-" + (gone - 1)), directory.resolve(name));
                final ShardFiles files = new ShardFiles(directory.resolve(name));
                ShardFiles.delete(files.segments().getFirst());
            }
            KilledCopy.of(directory.resolve(name), directory.resolve(name + "-start"));
            holdsAndGoesOn(name + "-start", 20);
        }
    }

    @Test
    void refusesALogOfWhichASegmentInTheMiddleIsMissing() {
        final RatisNode node = start("a", smallSegments());
        setLarge(node, 20);
        KilledCopy.of(directory.resolve("a"), directory.resolve("killed"));
        final List<Path> segments = new ShardFiles(directory.resolve("killed")).segments();
        ShardFiles.delete(segments.get(1));
        assertThatThrownBy(() -> start("killed", smallSegments())).isInstanceOf(StorageException.class);
    }

    @Test
    void refusesALogThatBeginsBehindTheStore() {
        final RatisNode node = start("a", smallSegments());
        setLarge(node, 20);
        KilledCopy.of(directory.resolve("a"), directory.resolve("killed"));
        final ShardFiles files = new ShardFiles(directory.resolve("killed"));
        ShardFiles.delete(files.segments().getFirst());
        ShardFiles.delete(files.store());
        assertThatThrownBy(() -> start("killed", smallSegments()))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(Failure.CORRUPT))
                .hasMessageContaining("begins at entry");
    }

    /** Writes that many registers; a kill leaves {@code killed}. Returns the index of the last entry. */
    private long written(final String name, final int count) {
        final RatisNode node = start(name, ShardOptions.defaults());
        set(node, 0, count);
        KilledCopy.of(directory.resolve(name), directory.resolve("killed"));
        return node.shardOf(0).appliedIndex();
    }

    private static void set(final RatisNode node, final int from, final int to) {
        for (int i = from; i < to; i++) {
            leader(node).propose(bytes("k" + i + "=" + i)).join();
        }
    }

    private static void setLarge(final RatisNode node, final int count) {
        for (int i = 0; i < count; i++) {
            leader(node).propose(bytes("k" + i + "=" + "x".repeat(500_000))).join();
        }
    }

    private void holdsAndGoesOn(final String name, final int count) {
        final RatisNode node = start(name, smallSegments());
        final Shard shard = leader(node);
        assertThat(shard.read(RegisterState::count)).as("in " + name).isEqualTo(count);
        shard.propose(bytes("more=1")).join();
        KilledCopy.of(directory.resolve(name), directory.resolve(name + "-again"));
        final Shard again = leader(start(name + "-again", smallSegments()));
        assertThat(again.read(RegisterState::count)).isEqualTo(count + 1);
    }

    private static Shard leader(final RatisNode node) {
        final Shard shard = node.shardOf(0);
        Await.until(
                "the shard leads or has stopped",
                () -> shard.isLeader() || shard.stoppedBy().isPresent());
        shard.stoppedBy().ifPresent(cause -> {
            throw cause;
        });
        return shard;
    }

    private static ShardOptions smallSegments() {
        final ShardOptions plain = ShardOptions.defaults();
        return new ShardOptions(
                plain.lease(),
                plain.electionTimeout(),
                plain.proposalTimeout(),
                plain.snapshotEntries(),
                plain.snapshotBytes(),
                ShardOptions.ENTRY_BYTES_MAX);
    }

    private RatisNode start(final String name, final ShardOptions shards) {
        final NodeOptions plain = NodeOptions.embedded(directory.resolve(name));
        final RatisNode node = RatisNode.start(
                new NodeOptions(
                        plain.node(), plain.logDirectory(), plain.storeDirectory(), plain.host(), plain.port(), shards),
                List.of(ShardSpec.alone(0, new RegisterState())),
                resources);
        nodes.add(node);
        return node;
    }
}
