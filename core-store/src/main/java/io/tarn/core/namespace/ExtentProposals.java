package io.tarn.core.namespace;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.wire.AllocateExtent;
import io.tarn.core.namespace.wire.CleanedExtent;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.DropExtent;
import io.tarn.core.namespace.wire.ForgetExtent;
import io.tarn.core.namespace.wire.MoveBlocks;
import io.tarn.core.namespace.wire.MovedBlock;
import io.tarn.core.namespace.wire.ReapContents;
import io.tarn.core.namespace.wire.ReleaseExtent;
import io.tarn.core.namespace.wire.SealExtent;
import java.util.List;

/** Builds the commands about extents. */
public final class ExtentProposals {
    private ExtentProposals() {}

    public static Command.Builder allocate(final long volume) {
        return Command.newBuilder()
                .setAllocateExtent(AllocateExtent.newBuilder().setVolume(volume));
    }

    public static Command.Builder seal(final ExtentId extent, final long epoch, final long length) {
        return Command.newBuilder()
                .setSealExtent(SealExtent.newBuilder()
                        .setExtent(extent.value())
                        .setEpoch(epoch)
                        .setLength(length));
    }

    /** Seals what a dead writer left, at the length that was found. */
    public static Command.Builder sealRecovered(final ExtentId extent, final long length) {
        return Command.newBuilder()
                .setSealExtent(SealExtent.newBuilder()
                        .setExtent(extent.value())
                        .setLength(length)
                        .setRecovered(true));
    }

    public static Command.Builder release(final ExtentId extent, final long epoch) {
        return Command.newBuilder()
                .setReleaseExtent(
                        ReleaseExtent.newBuilder().setExtent(extent.value()).setEpoch(epoch));
    }

    /** The extent holds no garbage any more but what was freed after {@code freedIndex}. */
    public static Command.Builder cleaned(final ExtentId extent, final long freedIndex) {
        return Command.newBuilder()
                .setCleanedExtent(
                        CleanedExtent.newBuilder().setExtent(extent.value()).setIndex(freedIndex));
    }

    public static Command.Builder drop(final ExtentId extent) {
        return Command.newBuilder().setDropExtent(DropExtent.newBuilder().setExtent(extent.value()));
    }

    public static Command.Builder forget(final ExtentId extent) {
        return Command.newBuilder().setForgetExtent(ForgetExtent.newBuilder().setExtent(extent.value()));
    }

    /** Gives up some of what was doomed at an index that no reader looks back beyond; the reply's id is how much. */
    public static Command.Builder reap(final long upToIndex) {
        return Command.newBuilder().setReapContents(ReapContents.newBuilder().setUpToIndex(upToIndex));
    }

    /**
     * A block and its copy.
     *
     * @param from where it lay
     * @param to where the same bytes lie now
     */
    public record Move(Block from, Block to) {}

    public static Command.Builder move(final List<Move> moves) {
        final MoveBlocks.Builder command = MoveBlocks.newBuilder();
        for (final Move move : moves) {
            command.addBlocks(MovedBlock.newBuilder()
                    .setFromExtent(move.from().extent().value())
                    .setFromOffset(move.from().offset())
                    .setToExtent(move.to().extent().value())
                    .setToOffset(move.to().offset())
                    .setLength(move.from().length()));
        }
        return Command.newBuilder().setMoveBlocks(command);
    }
}
