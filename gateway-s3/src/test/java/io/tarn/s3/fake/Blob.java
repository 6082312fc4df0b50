package io.tarn.s3.fake;

import io.tarn.client.Content;
import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.ObjectInfo;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Bytes of a file. */
record Blob(byte[] bytes) implements Content {
    @Override
    public long length() {
        return bytes.length;
    }

    static final class Writer implements ContentWriter {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private boolean closed;

        @Override
        public void write(final ByteBuffer bytes) {
            if (closed) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "writer is closed");
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            written.writeBytes(copy);
        }

        @Override
        public Content finish() {
            return new Blob(written.toByteArray());
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Counts itself in {@code open} until it is closed, so that tests can see readers that were forgotten. */
    static final class Reader implements ContentReader {
        private final ObjectInfo info;
        private final byte[] bytes;
        private final AtomicInteger open;
        private boolean closed;

        Reader(final ObjectInfo info, final byte[] bytes, final AtomicInteger open) {
            this.info = info;
            this.bytes = bytes;
            this.open = open;
            open.incrementAndGet();
        }

        @Override
        public ObjectInfo info() {
            return info;
        }

        @Override
        public synchronized int read(final long offset, final ByteBuffer target) {
            if (closed) {
                throw new StorageException(Failure.INVALID_ARGUMENT, "reader is closed");
            }
            if (offset >= bytes.length) {
                return 0;
            }
            int length = (int) Math.min(target.remaining(), bytes.length - offset);
            target.put(bytes, (int) offset, length);
            return length;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }
    }
}
