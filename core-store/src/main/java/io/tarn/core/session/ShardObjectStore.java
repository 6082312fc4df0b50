package io.tarn.core.session;

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
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NamespaceCommands;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.NamespaceReplies;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Slice;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whole files over shards and extents.
 *
 * <p>Cost of a PUT: its bytes' one shared fdatasync (none for tiny ones), then one log entry shared with whoever commits at the same
 * time. Of a GET: point reads in the caller's thread, then one pread a block; no log, no hop.
 */
final class ShardObjectStore implements ObjectStore {
    private static final int LIST_LIMIT_MAX = 1000;

    private final Names names;
    private final Writers writers;
    private final BlockReader blocks;
    private final ContentCopies copies = new ContentCopies(this);

    ShardObjectStore(final Names names, final Writers writers, final BlockReader blocks) {
        this.names = names;
        this.writers = writers;
        this.blocks = blocks;
    }

    @Override
    public Optional<ObjectInfo> stat(final long volume, final Key key, final Optional<String> version) {
        return find(volume, key, version).filter(found -> version.isPresent() || !found.deleteMarker());
    }

    @Override
    public Optional<ObjectInfo> statAny(final long volume, final Key key) {
        return find(volume, key, Optional.empty());
    }

    private Optional<ObjectInfo> find(final long volume, final Key key, final Optional<String> version) {
        try {
            return names.query(volume, queries -> queries.find(volume, key, version));
        } catch (final StorageException failed) {
            // A version id that cannot be one names nothing.
            if (failed.failure() == Failure.NOT_FOUND && version.isPresent()) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    @Override
    public ContentReader open(final long volume, final Key key, final Optional<String> version) {
        return openFile(volume, key, version, file -> true);
    }

    /** Opens the bytes that a clone speaks of. */
    ContentReader openSource(final NamedContent.Cloned clone) {
        final ObjectInfo source = clone.source();
        return openFile(
                source.volume(),
                source.key(),
                Optional.of(source.version()),
                file -> file.info().inode() == source.inode() && file.contentGeneration() == clone.contentGeneration());
    }

    private ContentReader openFile(
            final long volume, final Key key, final Optional<String> version, final Predicate<OpenFile> expected) {
        final Names.Pinned<Optional<OpenFile>> found =
                names.pinned(volume, queries -> queries.open(volume, key, version));
        boolean opened = false;
        try {
            final OpenFile file =
                    found.answer().orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such key"));
            if (!expected.test(file)) {
                throw new StorageException(Failure.CONFLICT, "the source of the copy has changed");
            }
            opened = true;
            return new SliceReader(
                    file,
                    blocks,
                    (content, from, to) -> names.query(volume, queries -> leaves(queries, file, content, from, to)),
                    found.pin());
        } finally {
            if (!opened) {
                found.pin().close();
            }
        }
    }

    /** A file that is written in place while it is looked up piece by piece would be read half old, half new. */
    private static List<Slice> leaves(
            final ObjectReads queries, final OpenFile file, final long content, final long from, final long to) {
        final List<Slice> leaves = queries.leaves(content, from, to);
        if (content == file.info().inode()
                && queries.contentGeneration(content)
                        .filter(now -> now != file.contentGeneration())
                        .isPresent()) {
            throw new StorageException(Failure.CONFLICT, "the file was written to while it was read");
        }
        return leaves;
    }

    @Override
    public ContentWriter write(final long volume) {
        return writers.open(volume);
    }

    @Override
    public Content cloneOf(final ObjectInfo source, final long offset, final long length) {
        final long generation = names.query(source.volume(), queries -> queries.contentGeneration(source.inode()))
                .orElseThrow(() -> new StorageException(Failure.CONFLICT, "the source is gone"));
        return new NamedContent.Cloned(source, generation, offset, length);
    }

    static NamedContent named(final Content content) {
        if (content instanceof final NamedContent named) {
            return named;
        }
        throw new IllegalArgumentException("content of another client");
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
        final Reply reply = copies.within(
                volume,
                named(content),
                record -> call(
                        volume,
                        NamespaceCommands.putObject(volume, key, owner, record, etag, meta, precondition)
                                .setPrincipal(owner.qualifiedName())));
        return object(volume, reply);
    }

    private Reply call(final long volume, final Command.Builder command) {
        return names.call(volume, command);
    }

    private static ObjectInfo object(final long volume, final Reply reply) {
        return NamespaceReplies.object(volume, reply.getObject());
    }

    @Override
    public ObjectInfo setMeta(final ObjectInfo expected, final ObjectMeta meta) {
        return object(expected.volume(), call(expected.volume(), NamespaceCommands.setAttributes(expected, meta)));
    }

    @Override
    public Deleted delete(
            final long volume,
            final Key key,
            final Optional<String> version,
            final String owner,
            final Precondition precondition) {
        final Reply reply = call(
                volume,
                NamespaceCommands.deleteObject(volume, key, version, owner, precondition)
                        .setPrincipal(owner));
        return NamespaceReplies.deleted(reply.getDeleted());
    }

    @Override
    public Listing list(final long volume, final Key prefix, final Key delimiter, final Key after, final int limit) {
        requireLimit(limit);
        return names.query(volume, queries -> queries.list(volume, prefix, delimiter, after, limit));
    }

    private static void requireLimit(final int limit) {
        if (limit < 1 || limit > LIST_LIMIT_MAX) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT, "a page has 1 to " + LIST_LIMIT_MAX + " entries, not " + limit);
        }
    }

    @Override
    public Listing listVersions(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        requireLimit(limit);
        return names.query(
                volume, queries -> queries.listVersions(volume, prefix, delimiter, keyMarker, versionMarker, limit));
    }

    @Override
    public Upload createUpload(
            final long volume,
            final Key key,
            final Principal owner,
            final ObjectMeta meta,
            final Optional<UploadChecksum> checksum) {
        final IdReply created = call(volume, NamespaceCommands.createUpload(volume, key, owner, meta, checksum))
                .getId();
        return new Upload(
                volume,
                key,
                NamespaceCommands.uploadId(created.getId()),
                owner.qualifiedName(),
                created.getTimeNanos(),
                meta,
                checksum);
    }

    @Override
    public Optional<Upload> upload(final long volume, final Key key, final String uploadId) {
        return names.query(volume, queries -> queries.upload(volume, key, uploadId));
    }

    @Override
    public Part putPart(
            final Upload upload,
            final int number,
            final Content content,
            final String etag,
            final Optional<String> checksum) {
        final Reply reply = copies.within(
                upload.volume(),
                named(content),
                record -> call(upload.volume(), NamespaceCommands.putPart(upload, number, record, etag, checksum)));
        return NamespaceReplies.part(number, reply.getPart().getPart());
    }

    @Override
    public List<Part> parts(final Upload upload, final int afterNumber, final int limit) {
        return names.query(upload.volume(), queries -> queries.parts(upload, afterNumber, limit));
    }

    @Override
    public ObjectInfo complete(
            final Upload upload,
            final List<Part> parts,
            final String etag,
            final Optional<Checksum> checksum,
            final Precondition precondition) {
        return object(
                upload.volume(),
                call(
                        upload.volume(),
                        NamespaceCommands.completeUpload(upload, parts, etag, checksum, precondition)
                                .setPrincipal(upload.owner())));
    }

    @Override
    public Optional<ObjectInfo> completed(final long volume, final Key key, final String uploadId) {
        return names.query(volume, queries -> queries.completed(volume, key, uploadId));
    }

    @Override
    public void abort(final Upload upload) {
        call(upload.volume(), NamespaceCommands.abortUpload(upload));
    }

    @Override
    public UploadListing uploads(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        requireLimit(limit);
        return names.query(
                volume, queries -> queries.uploads(volume, prefix, delimiter, keyMarker, uploadMarker, limit));
    }
}
