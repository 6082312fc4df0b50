package io.tarn.core.shard;

import static io.tarn.core.shard.RegisterState.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.StorageException;
import io.tarn.core.kv.RocksResources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThreeMembersTest {
    private static final int MEMBERS = 3;
    /** Between the tries of a client, so that clients leave the processors to the members. */
    private static final long PACE_NANOS = 1_000_000;

    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(RocksResources.Sizes.defaults());
    private final List<ShardSpec.Member> members = new ArrayList<>();
    private final List<RatisNode> nodes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startAll() throws IOException {
        for (int i = 0; i < MEMBERS; i++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(NodeOptions.LOOPBACK))) {
                members.add(new ShardSpec.Member("node-" + i, NodeOptions.LOOPBACK, free.getLocalPort()));
            }
        }
        for (int i = 0; i < MEMBERS; i++) {
            nodes.add(start(i));
        }
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(RatisNode::close);
        resources.close();
    }

    @Test
    void followersRefuseReadsAndProposals() {
        final Shard leader = leader();
        leader.propose(bytes("x=1")).join();
        for (final RatisNode node : nodes) {
            if (node.shardOf(0) != leader) {
                assertThat(read(node.shardOf(0), "x")).isEmpty();
            }
        }
        assertThat(read(leader, "x")).contains("1");
    }

    /** One writer counts up; readers ask every member all the time. No answer may be older than what was acknowledged before. */
    @Test
    void changesOfLeaderLoseNothingAndNoReadIsStale() throws InterruptedException {
        leader();
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong answers = new AtomicLong();
        final AtomicLong stale = new AtomicLong();
        final AtomicBoolean stop = new AtomicBoolean();
        final List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofVirtual().start(() -> write(acknowledged, stop)));
        for (int i = 0; i < MEMBERS; i++) {
            final int member = i;
            threads.add(Thread.ofVirtual().start(() -> readAll(member, acknowledged, answers, stale, stop)));
        }
        for (int change = 0; change < 2; change++) {
            final long before = acknowledged.get();
            Await.until("writes go on", () -> acknowledged.get() > before + 50);
            final int old = nodes.indexOf(nodeOf(leader()));
            nodes.get(old).close();
            final long atClose = acknowledged.get();
            Await.until("another leader takes writes", () -> acknowledged.get() > atClose + 50);
            nodes.set(old, start(old));
        }
        stop.set(true);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(stale).hasValue(0);
        assertThat(answers.get()).isGreaterThan(100);
        Await.until("the leader answers", () -> read(leader(), "x").isPresent());
        assertThat(Long.parseLong(read(leader(), "x").orElseThrow())).isGreaterThanOrEqualTo(acknowledged.get());
    }

    private void write(final AtomicLong acknowledged, final AtomicBoolean stop) {
        long next = 1;
        while (!stop.get()) {
            for (final RatisNode node : List.copyOf(nodes)) {
                if (node.shardOf(0).isLeader() && propose(node.shardOf(0), next)) {
                    acknowledged.set(next);
                    next++;
                }
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private static boolean propose(final Shard shard, final long value) {
        try {
            shard.propose(bytes("x=" + value)).join();
            return true;
        } catch (final StorageException | CompletionException e) {
            return false;
        }
    }

    private void readAll(
            final int member,
            final AtomicLong acknowledged,
            final AtomicLong answers,
            final AtomicLong stale,
            final AtomicBoolean stop) {
        while (!stop.get()) {
            final long least = acknowledged.get();
            read(nodes.get(member).shardOf(0), "x").ifPresent(answer -> {
                answers.incrementAndGet();
                if ((answer.isEmpty() ? 0 : Long.parseLong(answer)) < least) {
                    stale.incrementAndGet();
                }
            });
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private static Optional<String> read(final Shard shard, final String key) {
        try {
            return Optional.of(shard.read(store -> RegisterState.get(store, key)));
        } catch (final StorageException e) {
            return Optional.empty();
        }
    }

    private Shard leader() {
        Await.until("there is a leader", () -> nodes.stream()
                .anyMatch(n -> n.shardOf(0).isLeader()));
        return nodes.stream()
                .map(node -> node.shardOf(0))
                .filter(Shard::isLeader)
                .findFirst()
                .orElseGet(this::leader);
    }

    private RatisNode nodeOf(final Shard shard) {
        return nodes.stream().filter(n -> n.shardOf(0) == shard).findFirst().orElseThrow();
    }

    private RatisNode start(final int member) {
        final Path home = directory.resolve("node-" + member);
        return RatisNode.start(
                new NodeOptions(
                        members.get(member).node(),
                        home.resolve("log"),
                        home.resolve("store"),
                        NodeOptions.LOOPBACK,
                        members.get(member).port(),
                        ShardOptions.defaults()),
                List.of(new ShardSpec(0, members, new RegisterState())),
                resources);
    }
}
