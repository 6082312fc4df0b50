package io.tarn.core.session;

import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.NewContent;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Brings content to the volume that names it. Within a volume a clone shares its source's bytes; to another volume they are
 * copied, for an extent belongs to one volume: a stream through the ordinary writer, with one buffer of {@value #BUFFER_BYTES}
 * bytes, at most {@value #COPIES_MAX} at a time. Thread-safe; calls block.
 */
final class ContentCopies {
    static final int BUFFER_BYTES = 256 << 10;
    static final int COPIES_MAX = 16;

    private final ShardObjectStore objects;
    private final Semaphore copies = new Semaphore(COPIES_MAX);

    ContentCopies(final ShardObjectStore objects) {
        this.objects = objects;
    }

    /** Commits content under a name of {@code volume}. */
    <T> T within(final long volume, final NamedContent content, final Function<NewContent, T> commit) {
        if (content instanceof final NamedContent.Cloned clone && clone.source().volume() != volume) {
            return copied(volume, clone, commit);
        }
        final T committed = commit.apply(content.toRecord());
        content.committed();
        return committed;
    }

    private <T> T copied(final long volume, final NamedContent.Cloned clone, final Function<NewContent, T> commit) {
        acquire();
        try (ContentReader source = objects.openSource(clone);
                ContentWriter target = objects.write(volume)) {
            copy(clone, source, target);
            final NamedContent content = ShardObjectStore.named(target.finish());
            final T committed =
                    commit.apply(content.toRecord().toBuilder().setCopied(true).build());
            content.committed();
            return committed;
        } finally {
            copies.release();
        }
    }

    private void acquire() {
        try {
            copies.acquire();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(Failure.UNAVAILABLE, "interrupted while waiting to copy", interrupted);
        }
    }

    private static void copy(final NamedContent.Cloned clone, final ContentReader source, final ContentWriter target) {
        if (clone.offset() < 0
                || clone.length() < 0
                || clone.offset() > source.info().size() - clone.length()) {
            throw new StorageException(Failure.INVALID_ARGUMENT, "the range to copy is outside of the source");
        }
        final ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, clone.length()));
        final long end = clone.offset() + clone.length();
        for (long at = clone.offset(); at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            source.read(at, buffer);
            target.write(buffer.flip());
        }
    }
}
