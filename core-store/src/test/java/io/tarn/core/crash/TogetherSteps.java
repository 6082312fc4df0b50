package io.tarn.core.crash;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.core.StorageException;
import io.tarn.core.crash.World.Name;
import io.tarn.core.crash.World.Version;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.namespace.wire.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Commands of several clients at the same time, which share one entry of the log: a crash leaves all of them or none. */
final class TogetherSteps {
    private static final int TOGETHER_MAX = 4;
    /** Apart from the sessions of nodes. */
    private static final long SESSIONS_FROM = 1L << 32;

    private final Run run;
    private long session;
    private long sequence = 1;

    TogetherSteps(final Run run) {
        this.run = run;
    }

    void put() {
        // a session of its own each time: what other steps did may have ended the last one
        session = SESSIONS_FROM + run.node().session().session() * SESSIONS_FROM + sequence;
        final List<byte[]> commands = new ArrayList<>();
        commands.add(ready(Command.newBuilder().setOpenSession(OpenSession.getDefaultInstance())));
        World after = run.world();
        final int count = 2 + run.below(TOGETHER_MAX - 1);
        for (int i = 0; i < count; i++) {
            final Name name = run.name();
            final Bytes content = run.small();
            after = after.withNewest(name, run.versioned(name), new Version(World.UNTOLD, Optional.of(content)));
            commands.add(ready(NamespaceCommands.putObject(
                    name.volume(),
                    Key.of(name.key()),
                    Run.OWNER,
                    NewContent.newBuilder()
                            .setLength(content.length())
                            .setInlineData(ByteString.copyFrom(content.toArray()))
                            .build(),
                    "etag",
                    ObjectMeta.NONE,
                    Precondition.NONE)));
        }
        run.expected().begin(after);
        final List<byte[]> replies = send(commands);
        for (final byte[] reply : replies.subList(1, replies.size())) {
            final Reply done = NamespaceReplies.unwrap(NamespaceReplies.of(reply));
            if (!done.hasObject()) {
                throw new AssertionError("a put was answered with " + done);
            }
        }
        // which ids the versions got is looked up, since one name may have been put twice
        final World seen = run.node().look();
        after.difference(seen).ifPresent(difference -> {
            throw new AssertionError("acknowledged and not there: " + difference);
        });
        run.expected().acknowledge(seen);
        if (run.oneIn(2)) {
            retried(commands, replies);
        }
    }

    private void retried(final List<byte[]> commands, final List<byte[]> replies) {
        final List<byte[]> again = send(commands);
        for (int at = 0; at < replies.size(); at++) {
            if (!Arrays.equals(replies.get(at), again.get(at))) {
                throw new AssertionError("command %d was answered anew when it was sent again".formatted(at));
            }
        }
    }

    private byte[] ready(final Command.Builder command) {
        return command.setSession(session).setSequence(sequence++).build().toByteArray();
    }

    private List<byte[]> send(final List<byte[]> commands) {
        return commands.stream().map(run.node().shard()::propose).toList().stream()
                .map(TogetherSteps::reply)
                .toList();
    }

    private static byte[] reply(final CompletableFuture<byte[]> proposed) {
        try {
            return proposed.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof final StorageException known) {
                throw known;
            }
            throw new AssertionError("a proposal failed unexpectedly", e.getCause());
        }
    }
}
