package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of an open file as the shard has them, or as they were seen last by readers whose file has gone. A query on the caller's
 * thread for a range, then a verified read for each block. Thread-safe.
 */
final class CommittedContent {
    private final long inode;
    private final FilePlace place;
    private final Opens opens;

    CommittedContent(final long inode, final FilePlace place, final Opens opens) {
        this.inode = inode;
        this.place = place;
        this.opens = opens;
    }

    /** @throws StorageException {@code NOT_FOUND} when the file has gone and nothing keeps its bytes */
    FileRange range(final long from, final long to) {
        final Optional<Anchor> anchor = opens.anchor();
        try {
            final FileRange range =
                    place.names().queryAt(inode, queries -> queries.nodes().range(inode, from, to));
            anchor.filter(kept -> kept.isOlderThan(range.contentGeneration()))
                    .ifPresent(kept -> kept.see(place.names()
                            .queryAt(inode, queries -> queries.nodes().snapshot(inode))));
            return range;
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.NOT_FOUND) {
                throw failed;
            }
            return anchor.flatMap(Anchor::seen)
                    .map(seen -> Anchor.range(seen, from, to))
                    .orElseThrow(() -> failed);
        }
    }

    /** Puts {@code count} bytes from {@code offset} on into the target; the range holds them. */
    void read(final FileRange range, final long offset, final int count, final ByteBuffer target) {
        if (range.inline().isPresent()) {
            target.put(range.inline().get(), (int) Math.min(offset, range.size()), count);
        } else if (count > 0) {
            new SliceRun(range.slices(), place.blocks(), this::leaves).read(offset, count, target);
        }
    }

    private List<Slice> leaves(final long content, final long from, final long to) {
        return place.names().queryAt(content, queries -> queries.leaves(content, from, to));
    }
}
