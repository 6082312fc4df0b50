package io.tarn.core.session;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeQueries.FileRange;
import io.tarn.core.namespace.wire.Slice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bytes of an open file as the shard has them, or as they were seen last by readers whose file has gone, or who say that it is as good. A
 * query on the caller's thread for a range, unless it was seen, then a verified read for each block. Thread-safe.
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

    /**
     * Fills the target from {@code offset} on, with zeros up to {@code end} where that is beyond the file.
     *
     * @param seen generation of a content that need not be asked for where it was seen
     * @return bytes put
     */
    int read(final long offset, final ByteBuffer target, final long end, final OptionalLong seen) {
        final Optional<FileRange> known = seen.isPresent() ? seen(offset, target, seen.getAsLong()) : Optional.empty();
        final int position = target.position();
        if (known.isPresent()) {
            try {
                return read(known.get(), offset, target, end);
            } catch (final StorageException lost) {
                // The shard holds the file by now, and what was seen has been given back: it says what there is
                // instead.
                target.position(position);
            }
        }
        return read(range(offset, offset + target.remaining()), offset, target, end);
    }

    private Optional<FileRange> seen(final long offset, final ByteBuffer target, final long contentGeneration) {
        return opens.anchor()
                .flatMap(Anchor::seen)
                .filter(snapshot -> snapshot.content().contentGeneration() == contentGeneration)
                .map(snapshot -> Anchor.range(snapshot, offset, offset + target.remaining()));
    }

    private int read(final FileRange range, final long offset, final ByteBuffer target, final long end) {
        final int wanted = (int) Math.max(0, Math.min(target.remaining(), Math.max(range.size(), end) - offset));
        final int count = (int) Math.max(0, Math.min(wanted, range.size() - offset));
        if (range.inline().isPresent()) {
            target.put(range.inline().get(), (int) Math.min(offset, range.size()), count);
        } else if (count > 0) {
            new SliceRun(range.slices(), place.blocks(), this::leaves).read(offset, count, target);
        }
        SliceRun.zeros(wanted, count, target);
        return wanted;
    }

    private List<Slice> leaves(final long content, final long from, final long to) {
        return place.names().queryAt(content, queries -> queries.leaves(content, from, to));
    }
}
