package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.client.Usage;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.SessionRecord;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that is read from a shard on behalf of clients. Stateless but for the store it reads; thread-safe. */
public final class NamespaceQueries implements ObjectReads {
    private static final int OPEN_ATTEMPTS_MAX = 100;

    private final KeyValueReader store;

    public NamespaceQueries(final KeyValueReader store) {
        this.store = store;
    }

    /** What is read by inode. The reader must stand still. */
    @Override
    public NodeQueries nodes() {
        return new NodeQueries(store);
    }

    /** The version named, or the current one even if it is a delete marker. */
    @Override
    public Optional<ObjectInfo> find(final long volume, final Key key, final Optional<String> version) {
        return new Lookup(store).find(volume, key, version).map(Lookup.Version::info);
    }

    /**
     * A file as it is opened for reading.
     *
     * @param info what it is
     * @param contentGeneration identity of these bytes
     * @param inline its bytes, where they stand in the namespace itself
     * @param slices its runs of bytes in order; gaps are holes. Of an object of very many parts these are segments on itself
     */
    public record OpenFile(ObjectInfo info, long contentGeneration, Optional<byte[]> inline, List<Slice> slices) {
        public OpenFile {
            slices = List.copyOf(slices);
        }
    }

    /** Opens a version; empty where there is none, and for a delete marker. */
    @Override
    public Optional<OpenFile> open(final long volume, final Key key, final Optional<String> version) {
        for (int attempt = 0; attempt < OPEN_ATTEMPTS_MAX; attempt++) {
            final Optional<Lookup.Version> found = new Lookup(store).find(volume, key, version);
            if (found.isEmpty() || found.get().inode().isEmpty()) {
                return Optional.empty();
            }
            final long id = found.get().id();
            final Inode inode = found.get().inode().get();
            if (inode.getType() == FileType.SYMLINK) {
                // To whom links mean nothing, one is a file that holds its target.
                final byte[] target = inode.getSymlinkTarget().toByteArray();
                return Optional.of(opened(found.get(), inode, Optional.of(target), List.of()));
            }
            if (inode.getInlineData()) {
                final Optional<byte[]> data = store.get(Families.INLINE, Keys.of(id));
                if (data.isPresent()) {
                    return Optional.of(opened(found.get(), inode, data, List.of()));
                }
            } else if (inode.getNesting() > 0 && inode.getSpilled() && Contents.goesInSteps(store, id)) {
                // looked up as it is read: nothing takes the slices away while the reader pins the log
                final List<Slice> itself = Segments.covering(id, inode.getSize(), 0);
                return Optional.of(opened(found.get(), inode, Optional.empty(), itself));
            } else {
                final List<Slice> slices = Contents.slices(store, id, inode);
                if (!inode.getSpilled() || unchanged(id, inode)) {
                    return Optional.of(opened(found.get(), inode, Optional.empty(), slices));
                }
            }
        }
        throw new StorageException(Failure.CONFLICT, "the file changes faster than it can be opened");
    }

    private boolean unchanged(final long id, final Inode inode) {
        return Records.inode(store, id)
                .filter(now -> now.getContentGeneration() == inode.getContentGeneration())
                .isPresent();
    }

    private static OpenFile opened(
            final Lookup.Version version, final Inode inode, final Optional<byte[]> data, final List<Slice> slices) {
        return new OpenFile(version.info(), inode.getContentGeneration(), data, slices);
    }

    /**
     * Resolves {@linkplain Segments segments}: the slices of blocks, or of bytes, that hold {@code [from, to)} of an inode's
     * content, at their offsets within that content. Whoever opened a file keeps what it refers to from going by a pin.
     */
    @Override
    public List<Slice> leaves(final long content, final long from, final long to) {
        final Inode inode = Records.inode(store, content)
                .or(() -> Segments.leftOver(store, content))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the content referred to is gone"));
        if (inode.getInlineData()) {
            final byte[] data = store.get(Families.INLINE, Keys.of(content))
                    .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "the content referred to is gone"));
            return at(
                    from,
                    List.of(Slice.newBuilder()
                            .setLength(data.length)
                            .setData(ByteString.copyFrom(data))
                            .build()),
                    to);
        }
        final List<Slice> leaves = new ArrayList<>();
        for (final Slice slice : at(from, Ranges.touching(store, content, inode, from, to), to)) {
            if (slice.getContent() == 0) {
                leaves.add(slice);
            } else {
                final long inner = slice.getContentOffset();
                leaves(slice.getContent(), inner, inner + slice.getLength())
                        .forEach(leaf -> leaves.add(Contents.shift(leaf, slice.getFileOffset() - inner)));
            }
        }
        return leaves;
    }

    /** What of the slices lies within the range, at the offsets where it was. */
    private static List<Slice> at(final long from, final List<Slice> slices, final long to) {
        return Contents.cut(slices, from, to - from).stream()
                .map(slice -> Contents.shift(slice, from))
                .toList();
    }

    /** Content generation of an inode, if it is still there. */
    @Override
    public Optional<Long> contentGeneration(final long inode) {
        return Records.inode(store, inode).map(Inode::getContentGeneration);
    }

    @Override
    public Listing list(final long volume, final Key prefix, final Key delimiter, final Key after, final int limit) {
        return new ObjectLister(store, volume).list(prefix, delimiter, after, limit);
    }

    @Override
    public Listing listVersions(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        return new VersionLister(store, volume).list(prefix, delimiter, keyMarker, versionMarker, limit);
    }

    @Override
    public Optional<Upload> upload(final long volume, final Key key, final String id) {
        return Uploads.number(id)
                .flatMap(number -> Records.upload(store, volume, key.toByteArray(), number))
                .map(record -> Uploads.of(volume, id, record));
    }

    /** What a completed upload became. */
    @Override
    public Optional<ObjectInfo> completed(final long volume, final Key key, final String id) {
        return Uploads.number(id)
                .flatMap(number -> Records.completed(store, volume, key.toByteArray(), number))
                .map(record -> NamespaceReplies.object(volume, record.getCompleted()));
    }

    @Override
    public List<Part> parts(final Upload upload, final int afterNumber, final int limit) {
        final long number = Uploads.number(upload.id())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no upload " + upload.id()));
        final List<Part> parts = new ArrayList<>();
        try (Cursor cursor =
                store.scan(Families.PART, Keys.part(number, afterNumber + 1), Keys.after(Keys.of(number)))) {
            for (; cursor.valid() && parts.size() < limit; cursor.next()) {
                final PartRecord part = Records.parse(PartRecord.parser(), cursor.value());
                parts.add(Uploads.part(Keys.partNumber(cursor.key()), part));
            }
        }
        return parts;
    }

    @Override
    public UploadListing uploads(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        return new UploadLister(store, volume).list(prefix, delimiter, keyMarker, uploadMarker, limit);
    }

    /** The volume of an inode, or of content that is being given up. */
    public Optional<Long> volumeOf(final long inode) {
        return Records.inode(store, inode)
                .or(() -> Segments.leftOver(store, inode))
                .map(Inode::getVolume);
    }

    /** The volume of an extent. */
    public Optional<ExtentRecord> extent(final long extent) {
        return Records.extent(store, extent);
    }

    /** The reply that is kept of a session's command, if it was carried out. */
    public Optional<byte[]> reply(final long session, final long sequence) {
        return store.get(Families.REPLY, Keys.of(session, sequence));
    }

    /** Below lie the numbers of all commands that a session has had carried out; 1 for one that is not known here. */
    public long nextSequence(final long session) {
        long next = Records.get(store, Families.SESSION, Keys.of(session), SessionRecord.parser())
                .map(SessionRecord::getAcknowledgedBelow)
                .filter(acknowledged -> acknowledged > 0)
                .orElse(1L);
        try (Cursor cursor = store.scan(Families.REPLY, Keys.of(session, next), Keys.after(Keys.of(session)))) {
            for (; cursor.valid(); cursor.next()) {
                next = Keys.lastLong(cursor.key()) + 1;
            }
        }
        return next;
    }

    public Usage volumeUsage(final long volume) {
        return usage(Accounts.volumeUsage(store, volume));
    }

    public Usage tenantUsage(final String tenant) {
        return usage(Accounts.tenantUsage(store, tenant));
    }

    private static Usage usage(final UsageRecord record) {
        return new Usage(record.getBytes(), record.getInodes());
    }
}
