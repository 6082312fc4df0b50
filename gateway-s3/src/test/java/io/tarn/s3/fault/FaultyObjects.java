package io.tarn.s3.fault;

import io.tarn.client.Checksum;
import io.tarn.client.Content;
import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The real objects, with a {@link Fault} asked before every step that may fail. Counts readers that are open. */
public final class FaultyObjects implements ObjectStore {
    private final ObjectStore real;
    private final AtomicInteger openReaders = new AtomicInteger();
    private volatile Fault fault = (step, offset) -> {};

    FaultyObjects(final ObjectStore real) {
        this.real = real;
    }

    /** A step that may fail. */
    public enum Step {
        STAT,
        OPEN,
        READ,
        WRITE,
        FINISH,
        CLOSE,
        PUT,
        DELETE,
        LIST,
        PUT_PART,
        COMPLETE
    }

    /** Lets a step pass, makes it wait, or fails with what the store would fail with. */
    @FunctionalInterface
    public interface Fault {
        /**
         * Called on the request's thread.
         *
         * @param offset where a read or write begins; 0 for everything else
         */
        void before(Step step, long offset);
    }

    /** Puts a fault in, in place of the one before. */
    public void fail(final Fault next) {
        fault = next;
    }

    /** Takes the fault out. */
    public void heal() {
        fault = (step, offset) -> {};
    }

    public int openReaders() {
        return openReaders.get();
    }

    @Override
    public Optional<ObjectInfo> stat(final long volume, final Key key, final Optional<String> version) {
        fault.before(Step.STAT, 0);
        return real.stat(volume, key, version);
    }

    @Override
    public Optional<ObjectInfo> statAny(final long volume, final Key key) {
        fault.before(Step.STAT, 0);
        return real.statAny(volume, key);
    }

    @Override
    public ContentReader open(final long volume, final Key key, final Optional<String> version) {
        fault.before(Step.OPEN, 0);
        final ContentReader reader = real.open(volume, key, version);
        openReaders.incrementAndGet();
        return new Reader(reader);
    }

    @Override
    public ContentWriter write(final long volume) {
        return new Writer(real.write(volume));
    }

    @Override
    public Content cloneOf(final ObjectInfo source, final long offset, final long length) {
        return real.cloneOf(source, offset, length);
    }

    @Override
    public ObjectInfo put(
            final long volume,
            final Key key,
            final Principal owner,
            final Content content,
            final String etag,
            final ObjectMeta meta,
            final Precondition precondition) {
        fault.before(Step.PUT, 0);
        return real.put(volume, key, owner, content, etag, meta, precondition);
    }

    @Override
    public ObjectInfo setMeta(final ObjectInfo expected, final ObjectMeta meta) {
        return real.setMeta(expected, meta);
    }

    @Override
    public Deleted delete(
            final long volume,
            final Key key,
            final Optional<String> version,
            final String owner,
            final Precondition precondition) {
        fault.before(Step.DELETE, 0);
        return real.delete(volume, key, version, owner, precondition);
    }

    @Override
    public Listing list(final long volume, final Key prefix, final Key delimiter, final Key after, final int limit) {
        fault.before(Step.LIST, 0);
        return real.list(volume, prefix, delimiter, after, limit);
    }

    @Override
    public Listing listVersions(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        return real.listVersions(volume, prefix, delimiter, keyMarker, versionMarker, limit);
    }

    @Override
    public Upload createUpload(
            final long volume,
            final Key key,
            final Principal owner,
            final ObjectMeta meta,
            final Optional<UploadChecksum> checksum) {
        return real.createUpload(volume, key, owner, meta, checksum);
    }

    @Override
    public Optional<Upload> upload(final long volume, final Key key, final String uploadId) {
        return real.upload(volume, key, uploadId);
    }

    @Override
    public Part putPart(
            final Upload upload,
            final int number,
            final Content content,
            final String etag,
            final Optional<String> checksum) {
        fault.before(Step.PUT_PART, 0);
        return real.putPart(upload, number, content, etag, checksum);
    }

    @Override
    public List<Part> parts(final Upload upload, final int afterNumber, final int limit) {
        return real.parts(upload, afterNumber, limit);
    }

    @Override
    public ObjectInfo complete(
            final Upload upload,
            final List<Part> parts,
            final String etag,
            final Optional<Checksum> checksum,
            final Precondition precondition) {
        fault.before(Step.COMPLETE, 0);
        return real.complete(upload, parts, etag, checksum, precondition);
    }

    @Override
    public Optional<ObjectInfo> completed(final long volume, final Key key, final String uploadId) {
        return real.completed(volume, key, uploadId);
    }

    @Override
    public void abort(final Upload upload) {
        real.abort(upload);
    }

    @Override
    public UploadListing uploads(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        return real.uploads(volume, prefix, delimiter, keyMarker, uploadMarker, limit);
    }

    private final class Reader implements ContentReader {
        private final ContentReader reader;

        Reader(final ContentReader reader) {
            this.reader = reader;
        }

        @Override
        public ObjectInfo info() {
            return reader.info();
        }

        @Override
        public int read(final long offset, final ByteBuffer target) {
            fault.before(Step.READ, offset);
            return reader.read(offset, target);
        }

        @Override
        public void close() {
            openReaders.decrementAndGet();
            reader.close();
        }
    }

    private final class Writer implements ContentWriter {
        private final ContentWriter writer;
        private long written;

        Writer(final ContentWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(final ByteBuffer bytes) {
            fault.before(Step.WRITE, written);
            written += bytes.remaining();
            writer.write(bytes);
        }

        @Override
        public Content finish() {
            fault.before(Step.FINISH, 0);
            return writer.finish();
        }

        @Override
        public void close() {
            fault.before(Step.CLOSE, written);
            writer.close();
        }
    }
}
