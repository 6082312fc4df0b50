package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Key;
import io.tarn.client.Leases;
import io.tarn.client.Locks;
import io.tarn.client.Locks.Bytes;
import io.tarn.client.Locks.Lock;
import io.tarn.client.Locks.Whole;
import io.tarn.client.OpenFile;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.LockProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Locks and leases between clients of a real node. */
class LocksTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long PROCESS_1 = 1;
    private static final long PROCESS_2 = 2;

    @TempDir
    static Path data;

    private static InodesFixture node;
    private static Locks locks;
    private static Leases leases;
    private long inode;

    @BeforeAll
    static void start(final TestInfo test) {
        node = new InodesFixture(data, test);
        locks = node.client.locks();
        leases = node.client.leases();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void makeFile(final TestInfo test) {
        inode = node.file(test.getTestMethod().orElseThrow().getName()).inode();
    }

    private Lock bytes(final long owner, final long start, final long end, final boolean exclusive) {
        return new Lock(inode, owner, new Bytes(start, end), exclusive, (int) owner);
    }

    private Lock whole(final long owner, final boolean exclusive) {
        return new Lock(inode, owner, new Whole(), exclusive, (int) owner);
    }

    /** Until somebody is in line for the file. */
    private void awaitWaiting(final int count) {
        while (node.node.shards().getFirst().read(store -> waiting(store)) < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private int waiting(final KeyValueReader store) {
        return LockProbe.waiting(store, inode);
    }

    private static void refuses(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                .isEqualTo(failure));
    }

    @Test
    void rangesAreSplitJoinedAndAskedFor() {
        assertThat(locks.tryLock(bytes(PROCESS_1, 0, 100, true))).isInstanceOf(Locks.Granted.class);
        locks.unlock(inode, PROCESS_1, new Bytes(40, 60));
        assertThat(locks.tryLock(bytes(PROCESS_2, 40, 60, false))).isInstanceOf(Locks.Granted.class);
        assertThat(locks.tryLock(bytes(PROCESS_2, 59, 61, false)))
                .isEqualTo(new Locks.Busy(new Locks.Holder(new Bytes(60, 100), true, 1, true)));
        assertThat(locks.conflict(bytes(PROCESS_2, 0, Long.MAX_VALUE, false)))
                .contains(new Locks.Holder(new Bytes(0, 40), true, 1, true));
        assertThat(locks.conflict(bytes(PROCESS_2, 100, Long.MAX_VALUE, true))).isEmpty();
        assertThat(locks.tryLock(whole(PROCESS_2, true))).isInstanceOf(Locks.Granted.class);
    }

    @Test
    void whoWaitsIsWokenByTheUnlockOfAnotherClient() throws Exception {
        try (InodesFixture.Peer other = node.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            locks.tryLock(bytes(PROCESS_1, 0, 10, true));
            final Future<Locks.Result> waiting =
                    threads.submit(() -> other.client().locks().lock(bytes(PROCESS_1, 5, 15, true), LONG));
            awaitWaiting(1);
            assertThat(waiting.isDone()).isFalse();
            locks.unlock(inode, PROCESS_1, new Bytes(0, 10));
            assertThat(waiting.get()).isInstanceOf(Locks.Granted.class);
            assertThat(locks.tryLock(bytes(PROCESS_1, 5, 6, false))).isInstanceOf(Locks.Busy.class);
        }
        // The other client's session is over, and its locks with it.
        assertThat(locks.tryLock(bytes(PROCESS_1, 5, 6, true))).isInstanceOf(Locks.Granted.class);
    }

    @Test
    void aWaitEndsWithItsPatienceOrByInterrupt() throws Exception {
        locks.tryLock(whole(PROCESS_1, true));
        assertThat(locks.lock(whole(PROCESS_2, true), Duration.ofMillis(20))).isInstanceOf(Locks.TimedOut.class);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<Boolean> waiting = threads.submit(() -> {
                try {
                    locks.lock(whole(PROCESS_2, true), LONG);
                    return false;
                } catch (final StorageException interrupted) {
                    return interrupted.failure() == Failure.UNAVAILABLE && Thread.interrupted();
                }
            });
            awaitWaiting(1);
            threads.shutdownNow();
            assertThat(waiting.get()).isTrue();
        }
        assertThat(waiting()).isZero();
        locks.unlockAll(inode, PROCESS_1);
        assertThat(locks.tryLock(whole(PROCESS_2, true))).isInstanceOf(Locks.Granted.class);
    }

    private int waiting() {
        return node.node.shards().getFirst().read(this::waiting);
    }

    @Test
    void aCircleOfWaitersIsRefused() throws Exception {
        locks.tryLock(bytes(PROCESS_1, 0, 1, true));
        locks.tryLock(bytes(PROCESS_2, 1, 2, true));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<Locks.Result> waiting = threads.submit(() -> locks.lock(bytes(PROCESS_1, 1, 2, true), LONG));
            awaitWaiting(1);
            assertThat(locks.lock(bytes(PROCESS_2, 0, 1, true), LONG)).isInstanceOf(Locks.Deadlock.class);
            locks.unlockAll(inode, PROCESS_2);
            assertThat(waiting.get()).isInstanceOf(Locks.Granted.class);
        }
    }

    @Test
    void manyContendersOfTwoClientsNeverHoldItTogether() throws Exception {
        final AtomicInteger inside = new AtomicInteger();
        final int[] counter = {0};
        final int rounds = 20;
        try (InodesFixture.Peer other = node.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                final long owner = 10 + i;
                final Locks mine = i % 2 == 0 ? locks : other.client().locks();
                all.add(threads.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        assertThat(mine.lock(whole(owner, true), LONG)).isInstanceOf(Locks.Granted.class);
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        counter[0]++;
                        inside.decrementAndGet();
                        mine.unlock(inode, owner, new Whole());
                    }
                }));
            }
            for (final Future<?> one : all) {
                one.get();
            }
        }
        assertThat(counter[0]).isEqualTo(8 * rounds);
    }

    @Test
    void aNewLeaseholderFencesTheOldOne() {
        final Leases.Lease first = leases.acquire(inode, Key.of("client-1"), LONG);
        refuses(Failure.LOCKED, () -> leases.acquire(inode, Key.of("client-2"), LONG));
        leases.renew(Key.of("client-1"));
        try (OpenFile old = node.inodes.open(inode, first)) {
            old.write(0, InodesFixture.text("first"));
            old.sync();
            final Leases.Lease second = leases.takeOver(inode, Key.of("client-2"));
            assertThat(leases.holder(inode).orElseThrow().holder()).isEqualTo(Key.of("client-2"));
            assertThat(leases.list(inode - 1, 1)).extracting(Leases.Held::inode).containsExactly(inode);
            try (OpenFile file = node.inodes.open(inode, second)) {
                file.append(InodesFixture.text("+second"));
                old.write(0, InodesFixture.text("FENCED"));
                refuses(Failure.LOCKED, old::sync);
                assertThat(InodesFixture.readText(file)).isEqualTo("first+second");
                file.sync();
            }
            refuses(Failure.NOT_FOUND, () -> leases.release(first));
            leases.release(second);
            refuses(Failure.NOT_FOUND, () -> leases.renew(Key.of("client-2")));
        }
    }

    @Test
    void aHolderThatIsSilentForTooLongIsReplaced() {
        leases.acquire(inode, Key.of("silent"), LONG);
        final Leases.Lease next = leases.acquire(inode, Key.of("next"), Duration.ZERO);
        assertThat(next.epoch()).isPositive();
        try (InodesFixture.Peer other = node.connect()) {
            other.client().leases().takeOver(inode, Key.of("gone"));
        }
        assertThat(leases.holder(inode).orElseThrow().renewedNanos()).isZero();
        assertThat(leases.acquire(inode, Key.of("next"), LONG).epoch()).isGreaterThan(next.epoch());
    }
}
