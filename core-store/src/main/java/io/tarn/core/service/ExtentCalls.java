package io.tarn.core.service;

import com.google.protobuf.ByteString;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.extent.PooledBuffer;
import io.tarn.core.protocol.AppendFrame;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.Frame;
import io.tarn.core.protocol.ReadFrame;
import io.tarn.core.protocol.wire.AppendAnswer;
import io.tarn.core.protocol.wire.CreateExtentRequest;
import io.tarn.core.protocol.wire.LocateAnswer;
import io.tarn.core.protocol.wire.ReadRequest;
import io.tarn.core.protocol.wire.SealExtentRequest;
import io.tarn.core.session.BlockReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Bytes for clients. A read is one copy from the disk's buffer to the network's; an append is one from the network's to the disk's, both in
 * pooled direct memory. Thread-safe; calls block, also for buffers.
 */
final class ExtentCalls {
    private static final Duration BUFFER_PATIENCE = Duration.ofSeconds(10);

    private final ExtentTarget extents;
    private final BlockReader blocks;
    private final BufferPool buffers;
    private final LocalProof proof;
    private final Rights rights;

    ExtentCalls(final ServiceParts parts, final LocalProof proof, final Rights rights) {
        this.extents = parts.extents();
        this.blocks = parts.blocks();
        this.buffers = parts.buffers();
        this.proof = proof;
        this.rights = rights;
    }

    void requireRoom(final long bytes) {
        extents.requireRoom(bytes);
    }

    void create(final ClientSession session, final CreateExtentRequest request) {
        rights.requireWriter(session, request.getExtent(), request.getEpoch());
        extents.create(new ExtentId(request.getExtent()), request.getEpoch());
    }

    void seal(final ClientSession session, final SealExtentRequest request) {
        rights.requireWriter(session, request.getExtent(), request.getEpoch());
        extents.seal(new ExtentId(request.getExtent()), request.getEpoch(), request.getLength());
    }

    /** What is told opens nothing: only who may read the files as a user of the machine can make use of it. */
    LocateAnswer locate() {
        return LocateAnswer.newBuilder()
                .setDirectory(proof.directory().toString())
                .setProofName(LocalProof.NAME)
                .setProofSha256(ByteString.copyFrom(proof.sha256()))
                .build();
    }

    Frame read(final ClientSession session, final ReadRequest request) {
        rights.requireExtent(session, request.getExtent());
        if (request.getLength() <= 0 || request.getLength() > ExtentTarget.MAX_APPEND_BYTES) {
            throw Failures.malformed("a read of " + request.getLength() + " bytes");
        }
        if (request.getBlockOffset() < 0 || request.getBlockLength() <= 0) {
            throw Failures.malformed("no block can lie there");
        }
        final Block block = new Block(
                new ExtentId(request.getExtent()),
                request.getBlockOffset(),
                request.getBlockLength(),
                request.getBlockChecksum());
        final PooledBuffer buffer = buffers.borrow(request.getLength(), BUFFER_PATIENCE);
        boolean read = false;
        try {
            final ByteBuffer bytes = buffer.buffer().clear();
            blocks.read(block, request.getFrom(), request.getLength(), bytes);
            final Frame frame = ReadFrame.of(bytes.flip(), buffer::close);
            read = true;
            return frame;
        } finally {
            if (!read) {
                buffer.close();
            }
        }
    }

    /** Appends a frame and closes it; the answer comes when the bytes are durable, or at once, on whichever thread. */
    void append(final AppendWriter writer, final Frame frame, final Consumer<AppendAnswer> answer) {
        AppendFrame header = new AppendFrame(0, 0, 0);
        try (frame) {
            header = AppendFrame.of(frame);
            writer.require(header);
            append(header, frame, answer);
        } catch (final StorageException refused) {
            answer.accept(failed(header, refused));
        }
    }

    private void append(final AppendFrame header, final Frame frame, final Consumer<AppendAnswer> answer) {
        final int length = frame.remaining();
        if (length <= 0 || length > ExtentTarget.MAX_APPEND_BYTES) {
            throw Failures.malformed("an append of " + length + " bytes");
        }
        final PooledBuffer buffer = buffers.borrow(length, BUFFER_PATIENCE);
        boolean taken = false;
        try {
            final ByteBuffer bytes = buffer.buffer().clear().limit(length);
            frame.readFully(bytes);
            final CompletableFuture<Block> unused = extents.appendAsync(
                            new ExtentId(header.extent()), header.epoch(), header.offset(), List.of(bytes.flip()))
                    .whenComplete((block, failure) -> {
                        buffer.close();
                        answer.accept(failure == null ? durable(header, block) : failed(header, failure));
                    });
            taken = true;
        } finally {
            if (!taken) {
                buffer.close();
            }
        }
    }

    private static AppendAnswer durable(final AppendFrame header, final Block block) {
        return AppendAnswer.newBuilder()
                .setExtent(header.extent())
                .setOffset(block.offset())
                .setLength(block.length())
                .setChecksum(block.checksum())
                .build();
    }

    private static AppendAnswer failed(final AppendFrame header, final Throwable thrown) {
        final Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        final StorageException failure = cause instanceof final StorageException known
                ? known
                : new StorageException(Failure.IO_ERROR, "append failed: " + cause, cause);
        return AppendAnswer.newBuilder()
                .setExtent(header.extent())
                .setOffset(header.offset())
                .setFailure(failure.failure().name())
                .setMessage(String.valueOf(failure.getMessage()))
                .build();
    }

    /** The right of one stream to append, looked up when it turns to another extent. */
    AppendWriter writer(final ClientSession session) {
        return new AppendWriter(session, rights);
    }

    /** For one thread. The store itself refuses appends of an older epoch. */
    static final class AppendWriter {
        private static final int EXTENTS_MAX = 64;

        private final ClientSession session;
        private final Rights rights;
        private final Set<AppendFrame> allowed = new HashSet<>();

        private AppendWriter(final ClientSession session, final Rights rights) {
            this.session = session;
            this.rights = rights;
        }

        void require(final AppendFrame frame) {
            final AppendFrame extent = new AppendFrame(frame.extent(), frame.epoch(), 0);
            if (!allowed.contains(extent)) {
                rights.requireWriter(session, frame.extent(), frame.epoch());
                if (allowed.size() >= EXTENTS_MAX) {
                    allowed.clear();
                }
                allowed.add(extent);
            }
        }
    }
}
