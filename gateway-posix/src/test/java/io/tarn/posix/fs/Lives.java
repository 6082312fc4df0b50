package io.tarn.posix.fs;

import io.tarn.core.remote.KeyPair;
import io.tarn.core.remote.RemoteClient;
import io.tarn.core.remote.RemoteOptions;
import io.tarn.posix.journal.LostReplies;
import io.tarn.posix.journal.MountJournal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;

/**
 * A mount that lives on in one process after another, as seen by a program: between its calls, or after one was carried out and before it
 * was answered, the process is killed and a successor goes on, which is given the call again. Killed is to say: the session is another's at once, and of the
 * journal the successor has what it was in that moment.
 */
final class Lives {
    static final KeyPair ROOT = new KeyPair("ROOTKEY", "rootsecret");
    private static final long JOURNAL_BYTES = 4 << 20;

    private final String endpoint;
    private final String target;
    private final Random random;
    private final int rarity;
    private MemorySegment memory = Arena.ofAuto().allocate(JOURNAL_BYTES, Long.BYTES);
    private RemoteClient client;
    private String token;
    private VolumeFileSystem current;
    private long requests;
    private int successions;
    private Optional<ByteBuffer> lastBuffer = Optional.empty();

    /** @param rarity calls for each succession, on average; 0 for none by itself */
    Lives(final String endpoint, final String target, final Random random, final int rarity) {
        this.endpoint = endpoint;
        this.target = target;
        this.random = random;
        this.rarity = rarity;
        client = RemoteClient.connect(endpoint, ROOT, RemoteOptions.DEFAULT);
        token = client.token();
        current = begin();
    }

    private VolumeFileSystem begin() {
        return VolumeFileSystem.of(
                client,
                client::session,
                MountTarget.parse(target),
                TestCluster.OWNER,
                MountOptions.DEFAULT,
                MountJournal.open(memory, (from, length) -> {}),
                client.outcomes());
    }

    RemoteClient client() {
        return client;
    }

    int successions() {
        return successions;
    }

    /** What a program sees. */
    FileSystem fileSystem() {
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        current.close();
                        return null;
                    }
                    return call(method, arguments);
                });
    }

    private Object call(final Method method, final Object[] arguments) throws Throwable {
        final long request = ++requests;
        final Object[] numbered = arguments.clone();
        if (numbered[0] instanceof final Caller caller) {
            numbered[0] = new Numbered(caller, request);
        }
        if (comes()) {
            succeed();
        }
        // What has been put into a sink cannot be taken back.
        final boolean mayBeRepeated = !method.getName().equals("readDirectory");
        if (mayBeRepeated && comes()) {
            try {
                invoke(method, fresh(numbered));
            } catch (final PosixException unheard) {
                // nobody is told
            }
            kill();
        }
        final Object result = invoke(method, fresh(numbered));
        for (final Object argument : arguments) {
            if (argument instanceof final ByteBuffer buffer) {
                buffer.position(lastBuffer.orElseThrow().position());
            }
        }
        current.answered(request);
        return result;
    }

    /** Buffers are used up by a call. */
    private Object[] fresh(final Object[] arguments) {
        final Object[] copy = arguments.clone();
        for (int at = 0; at < copy.length; at++) {
            if (copy[at] instanceof final ByteBuffer buffer) {
                final ByteBuffer used = buffer.duplicate();
                lastBuffer = Optional.of(used);
                copy[at] = used;
            }
        }
        return copy;
    }

    private Object invoke(final Method method, final Object[] arguments) throws Throwable {
        try {
            return method.invoke(current, arguments);
        } catch (final InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    private boolean comes() {
        return rarity > 0 && random.nextInt(rarity) == 0;
    }

    private void succeed() {
        if (random.nextInt(4) == 0) {
            handOver();
        } else {
            kill();
        }
    }

    /** The process dies. */
    void kill() {
        final MemorySegment left = Arena.ofAuto().allocate(JOURNAL_BYTES, Long.BYTES);
        left.copyFrom(memory);
        if (random.nextBoolean()) {
            LostReplies.in(left);
        }
        final VolumeFileSystem dead = current;
        final RemoteClient deadClient = client;
        memory = left;
        takeOver();
        dead.leave();
        deadClient.leave();
    }

    /** The process is replaced on purpose. */
    void handOver() {
        current.leave();
        client.leave();
        takeOver();
    }

    /** Something happens while nobody serves, and the successor has no kernel yet. */
    void betweenLives(final Runnable action) {
        current.leave();
        client.leave();
        action.run();
        succeedNow();
    }

    private void takeOver() {
        succeedNow();
        current.invalidate(Invalidation.NOBODY);
    }

    private void succeedNow() {
        client = RemoteClient.takeOver(
                endpoint, token, Optional.of(ROOT), RemoteOptions.DEFAULT, handedOn -> token = handedOn);
        current = begin();
        successions++;
    }

    private record Numbered(Caller caller, long request) implements Caller {
        @Override
        public int uid() {
            return caller.uid();
        }

        @Override
        public int gid() {
            return caller.gid();
        }

        @Override
        public int pid() {
            return caller.pid();
        }

        @Override
        public int umask() {
            return caller.umask();
        }

        @Override
        public boolean isIn(final int group) {
            return caller.isIn(group);
        }
    }
}
