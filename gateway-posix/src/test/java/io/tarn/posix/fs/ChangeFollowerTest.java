package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.ChangeFeed;
import io.tarn.client.Delegations;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.Locks;
import io.tarn.client.TarnClient;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.journal.MountJournal;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of memory when the feed has a gap or cannot be read. */
class ChangeFollowerTest {
    private static final EntryName NAME = new EntryName(7, Key.of("f"));
    private static final long INODE = 8;

    /** A feed that does as the test says. */
    private static final class ScriptedFeed implements ChangeFeed {
        final LinkedBlockingQueue<Read> reads = new LinkedBlockingQueue<>(10);
        volatile boolean gone;

        @Override
        public Read read(final long volume, final long from, final int limit) {
            return reads.remove();
        }

        @Override
        public long end(final long volume) {
            return 1;
        }

        @Override
        public boolean await(final long volume, final long from, final Duration timeout) {
            if (gone) {
                throw new StorageException(Failure.UNAVAILABLE, "the server is gone");
            }
            final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
            while (reads.isEmpty() && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            return !reads.isEmpty();
        }
    }

    private final ScriptedFeed feed = new ScriptedFeed();
    private final KernelLog kernel = new KernelLog();
    private final Memory memory = new Memory(MountOptions.DEFAULT);
    private ChangeFollower follower;

    @BeforeEach
    void follow() {
        final MountPoint mount = new MountPoint(
                nothing(Inodes.class),
                nothing(Delegations.class),
                nothing(Locks.class),
                1,
                "root/root",
                MountOptions.DEFAULT,
                new Numbers(7),
                new Patience(Duration.ZERO),
                memory,
                MountJournal.none());
        follower = new ChangeFollower(feed, () -> 42, mount, new AtomicReference<>(Optional.of(kernel)));
        follower.start();
    }

    @AfterEach
    void stop() {
        follower.close();
    }

    private static <T> T nothing(final Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                TarnClient.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    private void remember() {
        assertThat(memory.keep(NAME, INODE, memory.now())).isPositive();
        assertThat(memory.name(NAME)).hasValue(INODE);
    }

    @Test
    void afterAGapEverythingIsForgotten() {
        remember();
        feed.reads.add(new ChangeFeed.Trimmed(100));
        kernel.await("entry 1 f");
        assertThat(memory.name(NAME)).isEmpty();
        remember();
    }

    @Test
    void whileTheFeedCannotBeReadNothingIsRemembered() {
        remember();
        feed.gone = true;
        TestMount.await("doubt", () -> memory.name(NAME).isEmpty());
        assertThat(memory.keep(NAME, INODE, memory.now())).isZero();
        feed.gone = false;
        TestMount.await("trust", () -> memory.name(NAME).isPresent());
    }

    @Test
    void whatIsReadWhileTheNewsComeIsNotRemembered() {
        final long before = memory.now();
        memory.nameChanged(NAME);
        assertThat(memory.keep(NAME, INODE, before)).isZero();
        assertThat(memory.name(NAME)).isEmpty();
        final long during = memory.now();
        assertThat(memory.changed(NAME, INODE, during)).isPositive();
        assertThat(memory.keep(NAME, Memory.NOTHING, during)).isZero();
        assertThat(memory.name(NAME)).hasValue(INODE);
    }

    @Test
    void namesThatTheFeedSpeaksOfOtherwiseAreNotRemembered() {
        final EntryName odd = new EntryName(7, Key.of("%tarn+a"));
        assertThat(memory.keep(odd, INODE, memory.now())).isZero();
        assertThat(List.of(odd.isLasting(), NAME.isLasting())).containsExactly(false, true);
    }
}
