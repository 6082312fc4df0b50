package io.tarn.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tarn.core.file.SimulatedFiles;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.shard.Shard;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The crash test itself is tested: with a flaw in the disk or the keeper it has to fail. */
final class CaughtFlawsTest {
    private static final int SEEDS = 12;

    @ParameterizedTest
    @ValueSource(strings = {"", "shard/log", "shard/snapshots", "extents"})
    void aDiskThatIgnoresForcesIsCaught(final String where) {
        final Path flawed = where.isEmpty() ? SimulatedNode.ROOT : SimulatedNode.ROOT.resolve(where);
        assertThat(firstFailure(UnaryOperator.identity(), disk -> disk.ignoreForces(path -> path.startsWith(flawed))))
                .hasValueSatisfying(CaughtFlawsTest::isReplayable);
    }

    @Test
    void aKeeperThatPunchesLiveBlocksIsCaught() {
        assertThat(firstFailure(LyingView::new, disk -> {})).hasValueSatisfying(CaughtFlawsTest::isReplayable);
    }

    @Test
    void theWorkloadsDoEverythingThatIsToBeCut() {
        final Set<Command.BodyCase> done = EnumSet.noneOf(Command.BodyCase.class);
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(new CrashPoints(seed, shard -> new Recording(shard, done), disk -> {})
                            .only(0)
                            .run())
                    .isZero();
        }
        assertThat(done)
                .contains(
                        Command.BodyCase.END_SESSIONS,
                        Command.BodyCase.PUT_OBJECT,
                        Command.BodyCase.DELETE_OBJECT,
                        Command.BodyCase.CREATE_UPLOAD,
                        Command.BodyCase.PUT_PART,
                        Command.BodyCase.COMPLETE_UPLOAD,
                        Command.BodyCase.ABORT_UPLOAD,
                        Command.BodyCase.ALLOCATE_EXTENT,
                        Command.BodyCase.SEAL_EXTENT,
                        Command.BodyCase.RELEASE_EXTENT,
                        Command.BodyCase.MOVE_BLOCKS,
                        Command.BodyCase.CLEANED_EXTENT,
                        Command.BodyCase.DROP_EXTENT,
                        Command.BodyCase.FORGET_EXTENT,
                        Command.BodyCase.MAKE_NODE,
                        Command.BodyCase.RENAME_NODE,
                        Command.BodyCase.SET_ATTRIBUTES,
                        Command.BodyCase.WRITE_CONTENT);
    }

    /** Notes what is proposed; a move counts when there is something to be moved. */
    private static final class Recording extends ForwardingShard {
        private final Set<Command.BodyCase> done;

        Recording(final Shard shard, final Set<Command.BodyCase> done) {
            super(shard);
            this.done = done;
        }

        @Override
        public CompletableFuture<byte[]> propose(final byte[] bytes) {
            try {
                final Command command = Command.parseFrom(bytes);
                if (!command.hasMoveBlocks() || command.getMoveBlocks().getBlocksCount() > 0) {
                    done.add(command.getBodyCase());
                }
            } catch (final InvalidProtocolBufferException e) {
                throw new AssertionError("a session proposed what is no command", e);
            }
            return super.propose(bytes);
        }
    }

    @Test
    void withoutAFlawNothingIsCaught() {
        assertThat(new CrashPoints(1).run()).isPositive();
    }

    private static void isReplayable(final Throwable caught) {
        assertThat(caught).isInstanceOf(AssertionError.class).hasMessageStartingWith("replay with -Dtarn.crash.seed=");
    }

    private static Optional<Throwable> firstFailure(
            final UnaryOperator<Shard> view, final Consumer<SimulatedFiles> flaw) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new CrashPoints(seed, view, flaw).run();
            } catch (final AssertionError | RuntimeException caught) {
                return Optional.of(caught);
            }
        }
        return Optional.empty();
    }
}
