package io.tarn.core.session;

import com.google.protobuf.ByteString;
import io.tarn.client.Content;
import io.tarn.client.ContentWriter;
import io.tarn.core.extent.ContentSink;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps tiny contents in memory, to ride in the commit (one fsync instead of two); anything longer goes to the volume's packed
 * extents as it comes. Not thread-safe.
 */
final class SpillingWriter implements ContentWriter {
    private final Supplier<VolumeWriters.Lease> extents;
    private final int inlineMaxBytes;
    private Optional<byte[]> memory = Optional.empty();
    private int inMemory;
    private Optional<ContentSink> sink = Optional.empty();
    private Optional<VolumeWriters.Lease> lease = Optional.empty();
    private long length;

    /** @param extents lends the volume's writer when the content is too long to stay in memory */
    SpillingWriter(final Supplier<VolumeWriters.Lease> extents, final int inlineMaxBytes) {
        this.extents = extents;
        this.inlineMaxBytes = inlineMaxBytes;
    }

    @Override
    public void write(final ByteBuffer bytes) {
        length += bytes.remaining();
        if (sink.isEmpty() && length <= inlineMaxBytes) {
            if (memory.isEmpty()) {
                memory = Optional.of(new byte[inlineMaxBytes]);
            }
            final int count = bytes.remaining();
            bytes.get(memory.get(), inMemory, count);
            inMemory += count;
            return;
        }
        if (sink.isEmpty()) {
            lease = Optional.of(extents.get());
            sink = Optional.of(lease.get().writer().open());
            memory.ifPresent(held -> sink.get().write(ByteBuffer.wrap(held, 0, inMemory)));
            memory = Optional.empty();
        }
        sink.get().write(bytes);
    }

    @Override
    public Content finish() {
        if (sink.isPresent()) {
            return new NamedContent.Written(sink.get().finish(), length, this::committed);
        }
        return new NamedContent.Inline(
                memory.isPresent() ? ByteString.copyFrom(memory.get(), 0, inMemory) : ByteString.EMPTY);
    }

    /** The commit that named the content has succeeded. */
    private void committed() {
        sink.ifPresent(ContentSink::committed);
        sink = Optional.empty();
        giveBack();
    }

    @Override
    public void close() {
        sink.ifPresent(ContentSink::abandon);
        sink = Optional.empty();
        giveBack();
    }

    private void giveBack() {
        lease.ifPresent(VolumeWriters.Lease::close);
        lease = Optional.empty();
    }
}
