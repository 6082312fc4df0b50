package io.tarn.core.keeper;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
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
import java.util.ArrayList;
import java.util.List;
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
     * @param bad blocks that could not be read
     */
    record State(long roundBeganNanos, boolean running, Position position, List<Block> bad) {
        static final State NEVER = new State(0, false, Position.START, List.of());

        State {
            bad = List.copyOf(bad);
        }
    }

    ScrubJournal(final Path file) {
        this.file = file;
    }

    State load() {
        try {
            if (!Files.exists(file)) {
                return State.NEVER;
            }
            final List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty() || lines.size() > Quarantine.BLOCKS_MAX + 1) {
                throw new NumberFormatException(lines.size() + " lines");
            }
            final String[] place = fields(lines.getFirst());
            final long extent = Long.parseLong(place[2]);
            final List<Block> bad = new ArrayList<>();
            for (final String line : lines.subList(1, lines.size())) {
                final String[] block = fields(line);
                bad.add(new Block(
                        new ExtentId(Long.parseLong(block[0])),
                        Long.parseLong(block[1]),
                        Integer.parseInt(block[2]),
                        Integer.parseInt(block[3])));
            }
            return new State(
                    Long.parseLong(place[0]),
                    Boolean.parseBoolean(place[1]),
                    extent == NONE
                            ? Position.START
                            : new Position(Optional.of(new ExtentId(extent)), Long.parseLong(place[3])),
                    bad);
        } catch (final IOException | IllegalArgumentException unusable) {
            LOG.warn("{} cannot be used; checking begins anew: {}", file, unusable.getMessage());
            return State.NEVER;
        }
    }

    private static String[] fields(final String line) {
        final String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS) {
            throw new NumberFormatException(fields.length + " fields");
        }
        return fields;
    }

    private static String text(final State state) {
        final StringBuilder text = new StringBuilder("%d %s %d %d%n"
                .formatted(
                        state.roundBeganNanos(),
                        state.running(),
                        state.position().extent().map(ExtentId::value).orElse(NONE),
                        state.position().offset()));
        for (final Block block : state.bad()) {
            text.append("%d %d %d %d%n"
                    .formatted(block.extent().value(), block.offset(), block.length(), block.checksum()));
        }
        return text.toString();
    }

    /** Replaces what is remembered, durably. */
    void save(final State state) {
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                final ByteBuffer bytes = ByteBuffer.wrap(text(state).getBytes(StandardCharsets.US_ASCII));
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
