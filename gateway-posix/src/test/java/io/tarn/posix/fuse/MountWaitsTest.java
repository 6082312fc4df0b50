package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.LockWish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits on a mount: locks, slow operations, interrupts, and a successor taking over in the midst of it. */
@Timeout(120)
final class MountWaitsTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Semaphore waitsForLocks = new Semaphore(0);
    private final Semaphore waitsForSync = new Semaphore(0);
    private final CountDownLatch syncMayEnd = new CountDownLatch(1);
    private final AtomicInteger syncs = new AtomicInteger();
    private MountedMemory mount;

    /** Locks that are waited for announce it; syncs wait till they may end. */
    private final class Slow extends MemoryFileSystem {
        Slow() {
            super(0);
        }

        @Override
        public void lock(final long inode, final long handle, final LockWish wish, final boolean waits) {
            if (waits) {
                waitsForLocks.release();
            }
            super.lock(inode, handle, wish, waits);
        }

        @Override
        public void sync(final long inode, final long handle, final boolean dataOnly) {
            waitsForSync.release();
            try {
                syncMayEnd.await();
            } catch (final InterruptedException interrupted) {
                throw Errno.EINTR.exception();
            }
            syncs.incrementAndGet();
        }

        @Override
        public void unlink(final Caller caller, final long parent, final io.tarn.client.Key name) {
            if (name.equals(io.tarn.client.Key.of("defect"))) {
                throw new IllegalStateException("a defect, as the test wants it");
            }
            super.unlink(caller, parent, name);
        }
    }

    @BeforeEach
    void mount() throws Exception {
        mount = MountedMemory.mount(new Slow(), SessionOptions.named("waits"));
    }

    @AfterEach
    void unmount() throws Exception {
        syncMayEnd.countDown();
        mount.close();
    }

    private static int end(final Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static void signal(final Process process, final String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aWaitForALockEndsWithTheLockOrWithASignal() throws Exception {
        mount.shell("touch f");
        final Process holder = mount.start("exec flock f -c 'echo held; read line'");
        assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
        waitsForLocks.drainPermits();
        final Process interrupted = mount.start("exec flock f true");
        final Process waiting = mount.start("exec flock f echo granted");
        assertThat(waitsForLocks.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
        signal(interrupted, "TERM");
        assertThat(end(interrupted)).isEqualTo(128 + 15);
        assertThat(mount.start("exec flock -n f true").waitFor()).isEqualTo(1);
        holder.outputWriter(StandardCharsets.UTF_8).append("go\n").close();
        assertThat(end(holder)).isZero();
        assertThat(waiting.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("granted");
    }

    @Test
    void rangesOfAFileAreLockedApart() throws Exception {
        assertThat(mount.shell("""
                        python3 - <<'E'
                        import fcntl, os, struct
                        f = open('f', 'w+'); fcntl.lockf(f, fcntl.LOCK_EX, 10, 0)
                        pid = os.getpid()
                        if os.fork() == 0:
                            g = open('f', 'r+')
                            fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 10)
                            try: fcntl.lockf(g, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 5)
                            except BlockingIOError: print('refused', flush=True)
                            l = fcntl.fcntl(g, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 1, 0))
                            t, w, s, n, p = struct.unpack('hhqqi4x', l)
                            print(t == fcntl.F_WRLCK, s, n, p == pid, flush=True)
                            os._exit(0)
                        os.wait()
                        E
                        """)).isEqualTo("refused\nTrue 0 10 True");
    }

    @Test
    void manyThatWaitKeepNobodyElseFromBeingServed() throws Exception {
        // a file each: the kernel has one sync of a file at a time
        final List<Process> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(mount.start(
                    "exec python3 -c \"import os; os.fsync(os.open('s" + i + "', os.O_RDWR | os.O_CREAT))\""));
        }
        assertThat(waitsForSync.tryAcquire(40, 60, TimeUnit.SECONDS)).isTrue();
        assertThat(mount.shell("echo served >g; cat g")).isEqualTo("served");
        signal(waiting.getFirst(), "KILL");
        assertThat(end(waiting.getFirst())).isEqualTo(128 + 9);
        syncMayEnd.countDown();
        for (final Process process : waiting.subList(1, waiting.size())) {
            assertThat(end(process)).isZero();
        }
        assertThat(syncs.get()).isEqualTo(39);
    }

    @Test
    void aDefectIsAnErrorForWhoAskedAndNoOneElse() throws Exception {
        assertThat(mount.shell("touch defect; rm defect 2>&1 | grep -o 'Input/output error'; rm -f other; ls"))
                .isEqualTo("Input/output error\ndefect");
    }

    @Test
    void aSuccessorCompletesWhatWasWaitedFor() throws Exception {
        final Process writer = mount.start(
                "exec python3 -c \"import os,sys; f=os.open('f',os.O_RDWR|os.O_CREAT); os.write(f,b'before '); "
                        + "print('open',flush=True); sys.stdin.readline(); os.write(f,b'after'); os.fsync(f); print(os.pread(f,99,0))\"");
        assertThat(writer.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("open");
        final Process holder = mount.start("exec flock f -c 'echo held; read line'");
        assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
        waitsForLocks.drainPermits();
        final Process waiting = mount.start("exec flock f echo granted");
        assertThat(waitsForLocks.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        writer.outputWriter(StandardCharsets.UTF_8).append("go\n").flush();
        assertThat(waitsForSync.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

        final FuseSession predecessor = mount.session;
        final var descriptor = predecessor.descriptor().duplicate();
        final String parameters = predecessor.parameters().toText();
        predecessor.pause(PATIENCE);
        assertThat(predecessor.await()).isEqualTo(new SessionEnd.Paused());
        final Process meanwhile = new ProcessBuilder("ls", mount.directory.toString()).start();
        predecessor.close();
        assertThat(meanwhile.isAlive()).isTrue();
        syncMayEnd.countDown();
        mount.session = FuseSession.resume(
                descriptor,
                mount.fileSystem,
                SessionOptions.named("successor"),
                mount.buffers,
                SessionParameters.parse(parameters));

        assertThat(writer.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("b'before after'");
        assertThat(end(writer)).isZero();
        assertThat(end(meanwhile)).isZero();
        holder.outputWriter(StandardCharsets.UTF_8).append("go\n").close();
        assertThat(end(holder)).isZero();
        assertThat(waiting.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("granted");
        assertThat(end(waiting)).isZero();
    }

    @Test
    void handingOverAgainAndAgainUnderLoadLosesNothing() throws Exception {
        final Process load = mount.start("for i in $(seq 300); do echo $i >f$i; mv f$i g$i; cat g$i; rm g$i; done");
        final var output = load.inputReader(StandardCharsets.UTF_8);
        final List<String> lines = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            lines.add(output.readLine());
            final FuseSession predecessor = mount.session;
            final var descriptor = predecessor.descriptor().duplicate();
            predecessor.pause(Duration.ofSeconds(5));
            mount.session = FuseSession.resume(
                    descriptor,
                    mount.fileSystem,
                    SessionOptions.named("round-" + round),
                    mount.buffers,
                    predecessor.parameters());
            predecessor.close();
        }
        output.lines().forEach(lines::add);
        assertThat(end(load)).isZero();
        assertThat(lines)
                .isEqualTo(java.util.stream.IntStream.rangeClosed(1, 300)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(mount.fileSystem.count()).isEqualTo(1);
    }
}
