package io.tarn.core.shard;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a log can be replayed on a store: it must not begin behind what the store has applied. Ratis, to which the store is the
 * snapshot, would neither replay such a log nor say why it does not.
 */
final class LogStart {
    /** Ratis's names of segments: {@code log_<first>-<last>} and {@code log_inprogress_<first>}. */
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d{1,18})(?:-\\d{1,18})?");

    private LogStart() {}

    /**
     * Does nothing when the log has no segments.
     *
     * @param applied index of the last entry in the store, -1 for none
     * @throws StorageException {@link Failure#CORRUPT} when entries between store and log are missing
     */
    static void require(final Path directory, final long applied) throws IOException {
        final OptionalLong first = firstIndex(directory);
        if (first.isPresent() && first.getAsLong() > applied + 1) {
            throw new StorageException(
                    Failure.CORRUPT,
                    "the log in %s begins at entry %d, but its store ends at entry %d: files of the store or the log are missing"
                            .formatted(directory, first.getAsLong(), applied));
        }
    }

    private static OptionalLong firstIndex(final Path directory) throws IOException {
        OptionalLong first = OptionalLong.empty();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (final Path file : files) {
                final Matcher segment = SEGMENT.matcher(String.valueOf(file.getFileName()));
                if (segment.matches()) {
                    final long index = Long.parseLong(segment.group(1));
                    first = OptionalLong.of(first.isPresent() ? Math.min(first.getAsLong(), index) : index);
                }
            }
        }
        return first;
    }
}
