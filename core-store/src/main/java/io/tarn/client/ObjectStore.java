package io.tarn.client;

import java.util.List;
import java.util.Optional;

/**
 * Whole files by key path, with S3's rules for names, versions and listing. Every mutation is one commit: atomic, durable when
 * the call returns, safe to retry. {@code volume} is a volume id.
 */
public interface ObjectStore {
    /** Looks up the current version, or the one named. A current delete marker is found only by its version id. */
    Optional<ObjectInfo> stat(long volume, Key key, Optional<String> version);

    /**
     * What a lookup met: tells a key that was never there from one hidden by a delete marker.
     *
     * @return the current version even if it is a delete marker
     */
    Optional<ObjectInfo> statAny(long volume, Key key);

    /** Opens for reading; {@code NOT_FOUND} also for a delete marker. */
    ContentReader open(long volume, Key key, Optional<String> version);

    /** Starts writing content for this volume. */
    ContentWriter write(long volume);

    /** A range of an existing version as new content, sharing its bytes: no data moves. */
    Content cloneOf(ObjectInfo source, long offset, long length);

    /**
     * Makes {@code content} the current version of {@code key}.
     *
     * @param etag entity tag without quotes
     * @return the new version
     */
    ObjectInfo put(
            long volume,
            Key key,
            Principal owner,
            Content content,
            String etag,
            ObjectMeta meta,
            Precondition precondition);

    /**
     * Replaces the metadata of one version in place.
     *
     * @param expected the version as it was read; fails with {@code CONFLICT} when its generation has moved on
     */
    ObjectInfo setMeta(ObjectInfo expected, ObjectMeta meta);

    /**
     * Deletes: without a version, as the volume's versioning says (remove, or add a delete marker); with one, that version
     * for ever. What does not exist is deleted already.
     *
     * @param owner {@code tenant/user} that a delete marker will belong to
     */
    Deleted delete(long volume, Key key, Optional<String> version, String owner, Precondition precondition);

    /**
     * What a delete did.
     *
     * @param deleteMarker whether a delete marker was made, or was what got removed
     * @param version version id of what was made or removed, on a volume that is or was versioned
     */
    record Deleted(boolean deleteMarker, Optional<String> version) {}

    /**
     * Lists current versions in byte order of keys.
     *
     * @param after only keys greater than this (or, where it ends in the delimiter and starts with the prefix, beyond everything
     *     rolled up under it); empty for the start
     * @param delimiter any text; empty for none
     * @param limit most entries of both kinds, at most 1,000
     */
    Listing list(long volume, Key prefix, Key delimiter, Key after, int limit);

    /**
     * Lists all versions and delete markers, newest first within a key.
     *
     * @param keyMarker only versions after this key, or after {@code versionMarker} within it
     */
    Listing listVersions(
            long volume, Key prefix, Key delimiter, Key keyMarker, Optional<String> versionMarker, int limit);

    /**
     * A page of a listing.
     *
     * @param entries objects and rolled-up prefixes in one order
     * @param truncated whether there is more
     */
    record Listing(List<Entry> entries, boolean truncated) {
        public Listing {
            entries = List.copyOf(entries);
        }
    }

    /** One entry of a listing. */
    sealed interface Entry {
        Key key();
    }

    /** A version. */
    record Found(ObjectInfo info) implements Entry {
        @Override
        public Key key() {
            return info.key();
        }
    }

    /** All keys that begin with {@code key}, which ends in the delimiter. */
    record CommonPrefix(Key key) implements Entry {}

    /** Starts a multipart upload. */
    Upload createUpload(long volume, Key key, Principal owner, ObjectMeta meta, Optional<UploadChecksum> checksum);

    /** The upload, if it is open; {@code key} must be the one it was created with. */
    Optional<Upload> upload(long volume, Key key, String uploadId);

    /** Adds or replaces a part. */
    Part putPart(Upload upload, int number, Content content, String etag, Optional<String> checksum);

    /** Parts in number order, those above {@code afterNumber}. */
    List<Part> parts(Upload upload, int afterNumber, int limit);

    /**
     * Joins parts to the current version of the upload's key; no bytes move. Parts left out are dropped. Repeating a
     * completion that succeeded gives the same answer.
     *
     * @param parts in the order of the object; each must still have the etag given, else {@code CONFLICT}
     */
    ObjectInfo complete(
            Upload upload, List<Part> parts, String etag, Optional<Checksum> checksum, Precondition precondition);

    /** The object that this upload became, when it was completed not long ago. */
    Optional<ObjectInfo> completed(long volume, Key key, String uploadId);

    void abort(Upload upload);

    /** Open uploads in order of key, then of initiation; those after the markers. */
    UploadListing uploads(
            long volume, Key prefix, Key delimiter, Key keyMarker, Optional<String> uploadMarker, int limit);

    /**
     * A page of uploads.
     *
     * @param uploads open uploads
     * @param commonPrefixes rolled-up prefixes
     * @param truncated whether there is more
     */
    record UploadListing(List<Upload> uploads, List<Key> commonPrefixes, boolean truncated) {}

    /**
     * An open upload.
     *
     * @param volume volume id
     * @param key what it will become
     * @param id opaque
     * @param owner {@code tenant/user}
     * @param initiatedNanos nanoseconds since the epoch
     * @param meta what the object will have
     * @param checksum the checksum the parts carry
     */
    record Upload(
            long volume,
            Key key,
            String id,
            String owner,
            long initiatedNanos,
            ObjectMeta meta,
            Optional<UploadChecksum> checksum) {}

    /**
     * How an upload is checksummed.
     *
     * @param algorithm as in {@link Checksum#algorithm}
     * @param composite whether the object's checksum is over the parts' checksums
     */
    record UploadChecksum(String algorithm, boolean composite) {}

    /**
     * A part that was uploaded.
     *
     * @param number 1 to 10,000
     * @param size bytes
     * @param etag without quotes
     * @param modifiedNanos nanoseconds since the epoch
     * @param checksum base64
     */
    record Part(int number, long size, String etag, long modifiedNanos, Optional<String> checksum) {}
}
