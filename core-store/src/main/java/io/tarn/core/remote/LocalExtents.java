package io.tarn.core.remote;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentFiles;
import io.tarn.core.file.RealFiles;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.wire.LocateAnswer;
import io.tarn.core.protocol.wire.LocateRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extents read from their files, where the node is on this machine and this process may open them: a read is a pread, and the checksums are
 * checked here. Whatever goes wrong is left to the node, which knows what is behind it. Thread-safe.
 */
final class LocalExtents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalExtents.class);

    private final Optional<ExtentFiles> files;
    private final LongAdder reads = new LongAdder();

    private LocalExtents(final Optional<ExtentFiles> files) {
        this.files = files;
    }

    static LocalExtents none() {
        return new LocalExtents(Optional.empty());
    }

    /** Finds out whether the node's extents are on this machine. */
    static LocalExtents find(final Link link) {
        try {
            final LocateAnswer answer = link.call(Methods.LOCATE, LocateRequest.getDefaultInstance());
            final Path directory = Path.of(answer.getDirectory());
            final byte[] proof = Files.readAllBytes(directory.resolve(answer.getProofName()));
            if (MessageDigest.isEqual(
                    MessageDigest.getInstance("SHA-256").digest(proof),
                    answer.getProofSha256().toByteArray())) {
                return new LocalExtents(Optional.of(new ExtentFiles(new RealFiles(), directory)));
            }
        } catch (final IOException | StorageException elsewhere) {
            LOG.debug("extents are read through the node: {}", elsewhere.getMessage());
        } catch (final NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this JVM has no SHA-256", impossible);
        }
        return none();
    }

    /** Whether the bytes were read; when not, the target is where it was. */
    boolean read(final Block block, final int from, final int length, final ByteBuffer target) {
        if (files.isEmpty()) {
            return false;
        }
        try {
            files.get().read(block, from, length, target);
            reads.increment();
            return true;
        } catch (final StorageException failed) {
            if (failed.failure() == Failure.INVALID_ARGUMENT) {
                throw failed;
            }
            LOG.debug("the node reads what could not be read here: {}", failed.getMessage());
            return false;
        }
    }

    /** Reads that needed no node. */
    long reads() {
        return reads.sum();
    }

    /** Lets go of files that nobody reads now, so that those which the node deletes give their space back. */
    void tick() {
        files.ifPresent(ExtentFiles::closeIdle);
    }

    @Override
    public void close() {
        files.ifPresent(ExtentFiles::close);
    }
}
