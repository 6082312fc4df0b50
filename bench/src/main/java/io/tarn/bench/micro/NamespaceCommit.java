package io.tarn.bench.micro;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.NamespaceState;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.OpenSession;
import io.tarn.core.shard.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the state machine pays for names, without log and disk: a commit of PUTs that replace objects three directories deep, and
 * the look-up of one, with the keys of its entries and the records behind them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NamespaceCommit {
    private static final long VOLUME = 1;
    private static final long SESSION = 1;
    private static final int KEYS = 1_000;
    private static final Principal OWNER = new Principal("tenant", "user", 1, 1, List.of(), false);

    /** PUTs in one log entry; the figure is for the entry. */
    @Param({"1", "32"})
    public int commandsInEntry;

    private final NamespaceState state = new NamespaceState(1);
    private final MemoryStore store = new MemoryStore(state.families());
    private final NamespaceQueries queries = new NamespaceQueries(store);
    private final NewContent content = NewContent.newBuilder()
            .setLength(16)
            .setInlineData(ByteString.copyFrom(new byte[16]))
            .build();
    private long index = 1;
    private long sequence = 1;
    private int next;

    /** Makes the volume and its objects. */
    @Setup
    public void fill() {
        commit(List.of(
                Command.newBuilder().setOpenSession(OpenSession.getDefaultInstance()),
                NamespaceCommands.createRoot(VOLUME, "tenant", 1, 1, Quota.NONE, Versioning.OFF)));
        for (int at = 0; at < KEYS; at += commandsInEntry) {
            put();
        }
    }

    private static Key key(final int number) {
        return Key.of("year/month/day-" + number % 10 + "/object-" + number);
    }

    private int commit(final List<Command.Builder> commands) {
        final List<byte[]> bytes = new ArrayList<>(commands.size());
        for (final Command.Builder command : commands) {
            bytes.add(command.setSession(SESSION)
                    .setSequence(sequence)
                    .setAcknowledgedBelow(sequence)
                    .build()
                    .toByteArray());
            sequence++;
        }
        final LogEntry entry = new LogEntry(index, index * 1_000_000, bytes);
        index++;
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        return replies.size();
    }

    /** Builds, encodes and applies one entry. */
    @Benchmark
    public int put() {
        final List<Command.Builder> commands = new ArrayList<>(commandsInEntry);
        for (int i = 0; i < commandsInEntry; i++) {
            next = (next + 1) % KEYS;
            commands.add(NamespaceCommands.putObject(
                    VOLUME, key(next), OWNER, content, "etag", ObjectMeta.NONE, Precondition.NONE));
        }
        return commit(commands);
    }

    /** Finds one object: a point read for each directory, the entry and the inode. */
    @Benchmark
    public Optional<ObjectInfo> find() {
        next = (next + 1) % KEYS;
        return queries.find(VOLUME, key(next), Optional.empty());
    }
}
