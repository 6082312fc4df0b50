package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.Scrubber.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the scrubber has come to, in a small file of the node: a round goes on after a restart, and blocks found bad are looked at
 * first. Losing the file costs a new round, nothing else, so one that does not parse is as good as none. One thread at a time.
 */
final class ScrubJournal {
    private static final Logger LOG = LoggerFactory.getLogger(ScrubJournal.class);
    private static final int FIELDS = 4;
    private static final long NONE = 0;

    private final Path file;

    /**
     * What is remembered.
     *
     * @param roundBeganNanos when the present round, or the last one, began; nanoseconds since the epoch
     * @param running whether that round is not over
     * @param position where in it to go on
     */
    record State(long roundBeganNanos, boolean running, Position position) {
        static final State NEVER = new State(0, false, Position.START);
    }

    ScrubJournal(final Path file) {
        this.file = file;
    }

    State load() {
        try {
            if (!Files.exists(file)) {
                return State.NEVER;
            }
            final String[] fields =
                    Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ", -1);
            if (fields.length != FIELDS) {
                throw new NumberFormatException(fields.length + " fields");
            }
            final long extent = Long.parseLong(fields[2]);
            return new State(
                    Long.parseLong(fields[0]),
                    Boolean.parseBoolean(fields[1]),
                    extent == NONE
                            ? Position.START
                            : new Position(Optional.of(new ExtentId(extent)), Long.parseLong(fields[3])));
        } catch (final IOException | NumberFormatException unusable) {
            LOG.warn("{} cannot be used; checking begins anew: {}", file, unusable.getMessage());
            return State.NEVER;
        }
    }

    /** Replaces what is remembered, durably. */
    void save(final State state) {
        final String text = "%d %s %d %d%n"
                .formatted(
                        state.roundBeganNanos(),
                        state.running(),
                        state.position().extent().map(ExtentId::value).orElse(NONE),
                        state.position().offset());
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException failed) {
            throw new StorageException(
                    Failure.IO_ERROR, "where checking has come to cannot be kept: " + failed.getMessage(), failed);
        }
    }
}
