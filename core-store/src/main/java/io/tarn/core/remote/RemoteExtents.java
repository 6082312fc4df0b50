package io.tarn.core.remote;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.protocol.Frame;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.ReadFrame;
import io.tarn.core.protocol.wire.CreateExtentRequest;
import io.tarn.core.protocol.wire.ReadRequest;
import io.tarn.core.protocol.wire.RoomRequest;
import io.tarn.core.protocol.wire.SealExtentRequest;
import io.tarn.core.session.BlockReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Extents of a node in another process: appends by a stream, reads by a call each, or from the files themselves where they are on this
 * machine. What is read is proved here once more. Thread-safe.
 */
final class RemoteExtents implements ExtentTarget, BlockReader {
    private static final int CORRUPTED_ATTEMPTS_MAX = 2;

    private final Link link;
    private final AppendStream appends;
    private final LocalExtents files;

    RemoteExtents(final Link link, final AppendStream appends, final LocalExtents files) {
        this.link = link;
        this.appends = appends;
        this.files = files;
    }

    @Override
    public void requireRoom(final long bytes) {
        link.call(Methods.REQUIRE_ROOM, RoomRequest.newBuilder().setBytes(bytes).build());
    }

    @Override
    public void create(final ExtentId extent, final long epoch) {
        link.call(
                Methods.CREATE,
                CreateExtentRequest.newBuilder()
                        .setExtent(extent.value())
                        .setEpoch(epoch)
                        .build());
    }

    @Override
    public CompletableFuture<Block> appendAsync(
            final ExtentId extent, final long epoch, final long offset, final List<ByteBuffer> payload) {
        return appends.append(extent, epoch, offset, payload);
    }

    @Override
    public void seal(final ExtentId extent, final long epoch, final long length) {
        link.call(
                Methods.SEAL,
                SealExtentRequest.newBuilder()
                        .setExtent(extent.value())
                        .setEpoch(epoch)
                        .setLength(length)
                        .build());
    }

    @Override
    public void read(final Block block, final int from, final int length, final ByteBuffer target) {
        if (!files.read(block, from, length, target)) {
            readRemotely(block, from, length, target);
        }
    }

    private void readRemotely(final Block block, final int from, final int length, final ByteBuffer target) {
        final ReadRequest request = ReadRequest.newBuilder()
                .setExtent(block.extent().value())
                .setBlockOffset(block.offset())
                .setBlockLength(block.length())
                .setBlockChecksum(block.checksum())
                .setFrom(from)
                .setLength(length)
                .build();
        for (int attempt = 1; ; attempt++) {
            try (Frame frame = link.call(Methods.READ, request)) {
                ReadFrame.read(frame, length, target);
                return;
            } catch (final StorageException failed) {
                // bytes that changed on their way may come through the next time
                if (failed.failure() != Failure.CORRUPT || attempt == CORRUPTED_ATTEMPTS_MAX) {
                    throw failed;
                }
            }
        }
    }
}
