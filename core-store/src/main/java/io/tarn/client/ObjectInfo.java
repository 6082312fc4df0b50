package io.tarn.client;

import java.util.List;
import java.util.Optional;

/**
 * A file, or one version of it, as whole-object protocols see it.
 *
 * @param volume volume id
 * @param key full key
 * @param inode identity of the file; 0 for a delete marker
 * @param generation changes whenever content or metadata change; the handle for compare-and-set
 * @param version version id: {@code null} for the null version, else opaque text
 * @param versioned whether the version id means anything (the volume is or was versioned)
 * @param latest whether this is the current version
 * @param deleteMarker whether this version says that the key is deleted
 * @param size bytes
 * @param modifiedNanos nanoseconds since the epoch
 * @param etag entity tag without quotes
 * @param owner {@code tenant/user} of who wrote it
 * @param meta what is kept with it; listings may leave out user metadata and tags
 * @param parts the parts it was completed from, in order; empty when it was written in one. Decoded only when
 *     looked into, see {@link LazyParts}
 */
public record ObjectInfo(
        long volume,
        Key key,
        long inode,
        long generation,
        String version,
        boolean versioned,
        boolean latest,
        boolean deleteMarker,
        long size,
        long modifiedNanos,
        String etag,
        String owner,
        ObjectMeta meta,
        List<CompletedPart> parts) {
    public ObjectInfo {
        parts = parts instanceof LazyParts ? parts : List.copyOf(parts);
    }

    /**
     * One part of a completed upload.
     *
     * @param number as the client numbered it
     * @param size bytes
     * @param checksum base64 checksum of the part, if the upload had one
     */
    public record CompletedPart(int number, long size, Optional<String> checksum) {}
}
