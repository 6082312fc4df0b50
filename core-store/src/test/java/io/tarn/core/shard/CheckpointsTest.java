package io.tarn.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.kv.MemoryStore;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash between any two steps of taking a checkpoint leaves nothing that the next one does not put right. */
final class CheckpointsTest {
    private final MemoryStore store = new MemoryStore(List.of(AppliedMark.FAMILY));

    @TempDir
    Path directory;

    private Path copy(final String name) {
        return directory.resolve(name).resolve(MemoryStore.CHECKPOINT_FILE);
    }

    private void take(final long index) {
        store.write(new AppliedMark(3, index, 1)::write);
        new Checkpoints(directory).take(store, TermIndex.valueOf(3, index));
    }

    private void holdsOnly(final long index) {
        assertThat(ShardFiles.list(directory)).containsExactly(directory.resolve("3_" + index));
        assertThat(ShardFiles.read(copy("3_" + index))).isEqualTo(store.dump());
    }

    @Test
    void aCopyReplacesTheOneBefore() {
        take(10);
        holdsOnly(10);
        take(20);
        holdsOnly(20);
    }

    @Test
    void aCopyThatWasNeverFinishedIsBegunAnew() {
        take(10);
        ShardFiles.write(copy("unfinished"), new byte[] {1, 2});
        take(20);
        holdsOnly(20);
    }

    @Test
    void aCopyThatWasFinishedAndNotRenamedIsTakenAnew() {
        take(10);
        store.checkpoint(directory.resolve("unfinished"));
        take(20);
        holdsOnly(20);
    }

    @Test
    void olderCopiesThatWereLeftGoWithTheNextOne() {
        take(20);
        ShardFiles.write(copy("3_10"), new byte[] {1});
        ShardFiles.write(copy("2_5"), new byte[] {1});
        take(20);
        holdsOnly(20);
        take(30);
        holdsOnly(30);
    }
}
