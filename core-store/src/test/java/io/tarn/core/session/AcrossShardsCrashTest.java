package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The client dies before or after each of its calls to the shards, so between any two steps of a commit between them. Whoever comes
 * next sees all of what it did or nothing, and nothing stays held.
 */
class AcrossShardsCrashTest {
    /** Far more calls than any of the operations makes. */
    private static final int CALLS_MAX = 100;

    /** What is done to a tree of directories in three shards. */
    enum Operation {
        MAKE_DIRECTORY(tree -> tree.shards.directory(tree.two, "new", 3)),
        REMOVE_DIRECTORY(tree -> tree.shards.removeDirectory(tree.two, "empty")),
        MOVE_FILE(tree -> tree.shards.rename(tree.shards.root, "file", tree.two, "moved")),
        MOVE_FILE_OVER_ANOTHER(tree -> tree.shards.rename(tree.shards.root, "file", tree.three, "target")),
        MOVE_DIRECTORY(tree -> tree.shards.rename(tree.shards.root, "three", tree.two, "moved")),
        MOVE_DIRECTORY_OVER_AN_EMPTY_ONE(tree -> tree.shards.rename(tree.shards.root, "three", tree.two, "empty")),
        EXCHANGE(tree -> tree.shards.exchange(tree.shards.root, "file", tree.two, "empty")),
        LINK(tree -> tree.shards.link(tree.file, tree.three, "also")),
        PUT_OVER_A_FILE_OF_ANOTHER_SHARD(tree -> tree.shards.put("two/from-one", "new")),
        DELETE_THE_LAST_OBJECT_OF_AN_IMPLIED_DIRECTORY(tree -> tree.shards.delete("two/implied/object"));

        private final Consumer<Tree> run;

        Operation(final Consumer<Tree> run) {
            this.run = run;
        }
    }

    /** What every operation begins with. */
    private static final class Tree {
        final SeveralShards shards = new SeveralShards(Versioning.OFF);
        final long two = shards.directory(shards.root, "two", 2);
        final long three = shards.directory(shards.root, "three", 3);
        final long file = shards.put("file", "bytes of file").inode();

        Tree() {
            shards.directory(two, "empty", 3);
            shards.put("three/target", "bytes of target");
            shards.put("from-one", "bytes from one");
            shards.rename(shards.root, "from-one", two, "from-one");
            final long elsewhere = shards.directory(three, "elsewhere", 1);
            shards.put("three/elsewhere/implied/object", "bytes");
            shards.rename(elsewhere, "implied", two, "implied");
        }

        /** Every key with its bytes. */
        List<String> state() {
            final List<String> state = new ArrayList<>();
            for (final String key : shards.list()) {
                state.add(key + "=" + shards.get(key).orElse(""));
            }
            return state;
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anOperationHappensWhollyOrNotAtAll(final Operation operation) {
        final Tree whole = new Tree();
        final List<String> before = whole.state();
        operation.run.accept(whole);
        final List<String> after = whole.state();
        assertThat(after).isNotEqualTo(before);
        int deaths = 0;
        for (final boolean afterTheCall : List.of(false, true)) {
            for (int call = 0; call < CALLS_MAX; call++) {
                final Optional<List<String>> outcome = dyingAt(operation, call, afterTheCall);
                if (outcome.isEmpty()) {
                    break;
                }
                deaths++;
                assertThat(outcome.get())
                        .as("death at call %d, after it: %s", call, afterTheCall)
                        .isIn(before, after);
            }
        }
        assertThat(deaths).isGreaterThanOrEqualTo(8);
    }

    /** The state that the next client finds; empty where the operation made fewer calls. */
    private static Optional<List<String>> dyingAt(
            final Operation operation, final int call, final boolean afterTheCall) {
        final Tree tree = new Tree();
        tree.shards.dieAt(call, afterTheCall);
        boolean died = false;
        try {
            operation.run.accept(tree);
        } catch (final SeveralShards.Died gone) {
            died = true;
        }
        tree.shards.connect();
        if (!died) {
            return Optional.empty();
        }
        tree.shards.sweep();
        assertThat(tree.shards.quiet())
                .as("death at call %d, after it: %s; held is %s", call, afterTheCall, tree.shards.underWay())
                .isTrue();
        assertThat(tree.shards.findings()).isEmpty();
        final List<String> state = tree.state();
        tree.shards.put("two/goes/on", "x");
        tree.shards.put("three/goes/on", "x");
        return Optional.of(state);
    }
}
