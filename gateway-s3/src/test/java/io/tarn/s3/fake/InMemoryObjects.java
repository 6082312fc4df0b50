package io.tarn.s3.fake;

import static io.tarn.s3.fake.InMemoryTarn.nowNanos;
import static io.tarn.s3.fake.InMemoryTarn.require;

import io.tarn.client.Checksum;
import io.tarn.client.Content;
import io.tarn.client.ContentReader;
import io.tarn.client.ContentWriter;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectInfo.CompletedPart;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore;
import io.tarn.client.Precondition;
import io.tarn.client.Principal;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Versions of keys in sorted maps. One lock makes every call one commit. */
public final class InMemoryObjects implements ObjectStore {
    /** One version with its bytes. */
    record Stored(ObjectInfo info, byte[] bytes) {}

    private final InMemoryTarn tarn;
    private final Map<Long, TreeMap<Key, List<Stored>>> volumes = new HashMap<>();
    private final Map<String, OpenUpload> uploads = new TreeMap<>();
    private final Map<String, ObjectInfo> completed = new HashMap<>();
    private final AtomicInteger openReaders = new AtomicInteger();
    private long sequence = 1;

    private record OpenUpload(Upload upload, TreeMap<Integer, StoredPart> parts) {}

    private record StoredPart(Part part, byte[] bytes) {}

    InMemoryObjects(final InMemoryTarn tarn) {
        this.tarn = tarn;
    }

    /** Readers opened and not closed. */
    public int openReaders() {
        return openReaders.get();
    }

    synchronized boolean isEmpty(final long volume) {
        return keys(volume).isEmpty()
                && uploads.values().stream().noneMatch(open -> open.upload().volume() == volume);
    }

    synchronized Usage usage(final long volume) {
        long bytes = 0;
        long count = 0;
        for (List<Stored> versions : keys(volume).values()) {
            for (Stored stored : versions) {
                bytes += stored.info().size();
                count++;
            }
        }
        return new Usage(bytes, count);
    }

    private TreeMap<Key, List<Stored>> keys(final long volume) {
        return volumes.computeIfAbsent(volume, id -> new TreeMap<>());
    }

    private List<Stored> versions(final long volume, final Key key) {
        return keys(volume).getOrDefault(key, List.of());
    }

    private Optional<Stored> find(final long volume, final Key key, final Optional<String> version) {
        List<Stored> versions = versions(volume, key);
        for (int i = 0; i < versions.size(); i++) {
            Stored stored = versions.get(i);
            if (version.isEmpty() || version.get().equals(stored.info().version())) {
                return Optional.of(new Stored(latest(stored.info(), i == 0), stored.bytes()));
            }
        }
        return Optional.empty();
    }

    private ObjectInfo latest(final ObjectInfo info, final boolean latest) {
        boolean versioned = tarn.volumeById(info.volume()).versioning() != Versioning.OFF;
        return with(info, info.generation(), versioned, latest, info.meta());
    }

    private static ObjectInfo with(
            final ObjectInfo i,
            final long generation,
            final boolean versioned,
            final boolean latest,
            final ObjectMeta meta) {
        return new ObjectInfo(
                i.volume(),
                i.key(),
                i.inode(),
                generation,
                i.version(),
                versioned,
                latest,
                i.deleteMarker(),
                i.size(),
                i.modifiedNanos(),
                i.etag(),
                i.owner(),
                meta,
                i.parts());
    }

    @Override
    public synchronized Optional<ObjectInfo> stat(final long volume, final Key key, final Optional<String> version) {
        return find(volume, key, version).map(Stored::info).filter(info -> version.isPresent() || !info.deleteMarker());
    }

    @Override
    public synchronized Optional<ObjectInfo> statAny(final long volume, final Key key) {
        return find(volume, key, Optional.empty()).map(Stored::info);
    }

    @Override
    public synchronized ContentReader open(final long volume, final Key key, final Optional<String> version) {
        Stored stored = find(volume, key, version)
                .filter(found -> !found.info().deleteMarker())
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, key.toString()));
        return new Blob.Reader(stored.info(), stored.bytes(), openReaders);
    }

    @Override
    public ContentWriter write(final long volume) {
        return new Blob.Writer();
    }

    @Override
    public synchronized Content cloneOf(final ObjectInfo source, final long offset, final long length) {
        Stored stored = find(source.volume(), source.key(), Optional.of(source.version()))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "source of the clone"));
        byte[] range = new byte[(int) length];
        System.arraycopy(stored.bytes(), (int) offset, range, 0, range.length);
        return new Blob(range);
    }

    @Override
    public synchronized ObjectInfo put(
            final long volume,
            final Key key,
            final Principal owner,
            final Content content,
            final String etag,
            final ObjectMeta meta,
            final Precondition precondition) {
        return commit(
                volume, key, owner.qualifiedName(), ((Blob) content).bytes(), etag, meta, precondition, List.of());
    }

    private ObjectInfo commit(
            final long volume,
            final Key key,
            final String owner,
            final byte[] bytes,
            final String etag,
            final ObjectMeta meta,
            final Precondition precondition,
            final List<CompletedPart> parts) {
        Versioning versioning = tarn.volumeById(volume).versioning();
        Optional<ObjectInfo> current = stat(volume, key, Optional.empty());
        require(
                precondition.ifMatch().isEmpty() || current.isPresent(),
                Failure.NOT_FOUND,
                "no current version to match");
        Conditions.check(precondition, current);
        String version = versioning == Versioning.ENABLED ? newVersion() : "null";
        var info = new ObjectInfo(
                volume,
                key,
                sequence,
                sequence,
                version,
                versioning != Versioning.OFF,
                true,
                false,
                bytes.length,
                nowNanos(),
                etag,
                owner,
                meta,
                parts);
        add(info, bytes);
        return info;
    }

    private String newVersion() {
        return String.format("v%016x", sequence++);
    }

    private void add(final ObjectInfo info, final byte[] bytes) {
        sequence++;
        List<Stored> versions = keys(info.volume()).computeIfAbsent(info.key(), key -> new ArrayList<>());
        if (info.version().equals("null")) {
            versions.removeIf(old -> old.info().version().equals("null"));
        }
        versions.addFirst(new Stored(info, bytes));
    }

    @Override
    public synchronized ObjectInfo setMeta(final ObjectInfo expected, final ObjectMeta meta) {
        List<Stored> versions = versions(expected.volume(), expected.key());
        for (int i = 0; i < versions.size(); i++) {
            Stored stored = versions.get(i);
            if (stored.info().version().equals(expected.version())) {
                require(
                        stored.info().generation() == expected.generation(),
                        Failure.CONFLICT,
                        "generation has moved on");
                ObjectInfo changed = with(stored.info(), sequence++, expected.versioned(), expected.latest(), meta);
                versions.set(i, new Stored(changed, stored.bytes()));
                return changed;
            }
        }
        throw new StorageException(Failure.NOT_FOUND, expected.key().toString());
    }

    @Override
    public synchronized Deleted delete(
            final long volume,
            final Key key,
            final Optional<String> version,
            final String owner,
            final Precondition precondition) {
        Versioning versioning = tarn.volumeById(volume).versioning();
        Optional<ObjectInfo> subject = find(volume, key, version).map(Stored::info);
        if (subject.isPresent()) {
            Conditions.check(precondition, subject);
        }
        if (version.isPresent()) {
            remove(volume, key, version.get());
            return new Deleted(subject.map(ObjectInfo::deleteMarker).orElse(false), version);
        }
        if (versioning == Versioning.OFF) {
            remove(volume, key, "null");
            return new Deleted(false, Optional.empty());
        }
        if (subject.isEmpty() && !precondition.equals(Precondition.NONE)) {
            return new Deleted(false, Optional.empty());
        }
        String id = versioning == Versioning.ENABLED ? newVersion() : "null";

        subject.map(ObjectInfo::owner).orElse(tarn.volumeById(volume).qualifiedOwner());
        add(
                new ObjectInfo(
                        volume,
                        key,
                        0,
                        sequence,
                        id,
                        true,
                        true,
                        true,
                        0,
                        nowNanos(),
                        "",
                        "",
                        ObjectMeta.NONE,
                        List.of()),
                new byte[0]);
        return new Deleted(true, Optional.of(id));
    }

    private void remove(final long volume, final Key key, final String version) {
        List<Stored> versions = keys(volume).get(key);
        if (versions != null) {
            versions.removeIf(stored -> stored.info().version().equals(version));
            if (versions.isEmpty()) {
                keys(volume).remove(key);
            }
        }
    }

    @Override
    public synchronized Listing list(
            final long volume, final Key prefix, final Key delimiter, final Key after, final int limit) {
        var page = new ListingPage(prefix, delimiter, after, limit);
        for (Key key : keys(volume).keySet()) {
            Optional<ObjectInfo> current = stat(volume, key, Optional.empty());
            if (current.isPresent() && !page.take(new Found(current.get()), key.compareTo(after) > 0)) {
                break;
            }
        }
        return page.listing();
    }

    @Override
    public synchronized Listing listVersions(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        var page = new ListingPage(prefix, delimiter, keyMarker, limit);
        for (Map.Entry<Key, List<Stored>> entry : keys(volume).entrySet()) {
            boolean beyond = entry.getKey().compareTo(keyMarker) > 0;
            boolean within = entry.getKey().equals(keyMarker) && versionMarker.isPresent();
            boolean passed = beyond;
            List<Stored> versions = entry.getValue();
            for (int i = 0; i < versions.size(); i++) {
                ObjectInfo info = latest(versions.get(i).info(), i == 0);
                if (!page.take(new Found(info), passed)) {
                    return page.listing();
                }
                passed |= within && info.version().equals(versionMarker.get());
            }
        }
        return page.listing();
    }

    @Override
    public synchronized Upload createUpload(
            final long volume,
            final Key key,
            final Principal owner,
            final ObjectMeta meta,
            final Optional<UploadChecksum> checksum) {
        String id = String.format("u%016x", sequence++);
        var upload = new Upload(volume, key, id, owner.qualifiedName(), nowNanos(), meta, checksum);
        uploads.put(id, new OpenUpload(upload, new TreeMap<>()));
        return upload;
    }

    @Override
    public synchronized Optional<Upload> upload(final long volume, final Key key, final String uploadId) {
        return Optional.ofNullable(uploads.get(uploadId))
                .map(OpenUpload::upload)
                .filter(upload -> upload.volume() == volume && upload.key().equals(key));
    }

    private OpenUpload open(final Upload upload) {
        OpenUpload open = uploads.get(upload.id());
        require(open != null, Failure.NOT_FOUND, "upload " + upload.id());
        return open;
    }

    @Override
    public synchronized Part putPart(
            final Upload upload,
            final int number,
            final Content content,
            final String etag,
            final Optional<String> checksum) {
        var part = new Part(number, content.length(), etag, nowNanos(), checksum);
        open(upload).parts().put(number, new StoredPart(part, ((Blob) content).bytes()));
        return part;
    }

    @Override
    public synchronized List<Part> parts(final Upload upload, final int afterNumber, final int limit) {
        return open(upload).parts().tailMap(afterNumber, false).values().stream()
                .limit(limit)
                .map(StoredPart::part)
                .toList();
    }

    @Override
    public synchronized ObjectInfo complete(
            final Upload upload,
            final List<Part> parts,
            final String etag,
            final Optional<Checksum> checksum,
            final Precondition precondition) {
        if (completed.containsKey(upload.id())) {
            return completed.get(upload.id());
        }
        OpenUpload open = open(upload);
        var joined = new ByteArrayOutputStream();
        var summary = new ArrayList<CompletedPart>();
        for (Part part : parts) {
            StoredPart stored = open.parts().get(part.number());
            require(stored != null && stored.part().etag().equals(part.etag()), Failure.CONFLICT, "part replaced");
            joined.writeBytes(stored.bytes());
            summary.add(new CompletedPart(part.number(), part.size(), part.checksum()));
        }
        ObjectMeta meta = upload.meta().withChecksum(checksum);
        ObjectInfo info = commit(
                upload.volume(), upload.key(), upload.owner(), joined.toByteArray(), etag, meta, precondition, summary);
        uploads.remove(upload.id());
        completed.put(upload.id(), info);
        return info;
    }

    @Override
    public synchronized Optional<ObjectInfo> completed(final long volume, final Key key, final String uploadId) {
        return Optional.ofNullable(completed.get(uploadId))
                .filter(info -> info.volume() == volume && info.key().equals(key));
    }

    @Override
    public synchronized void abort(final Upload upload) {
        uploads.remove(upload.id());
    }

    @Override
    public synchronized UploadListing uploads(
            final long volume,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        return UploadPage.of(
                uploads.values().stream()
                        .map(OpenUpload::upload)
                        .filter(upload -> upload.volume() == volume)
                        .toList(),
                prefix,
                delimiter,
                keyMarker,
                uploadMarker,
                limit);
    }
}
