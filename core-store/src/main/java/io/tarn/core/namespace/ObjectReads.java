package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.wire.Slice;
import java.util.List;
import java.util.Optional;

/**
 * What clients ask about names. Over a store, all questions put to one instance see the same moment; asked from another process, each
 * sees a moment of its own, in the order of asking.
 */
public interface ObjectReads {
    /** What is read by inode. */
    NodeReads nodes();

    /** The version named, or the current one even if it is a delete marker. */
    Optional<ObjectInfo> find(long volume, Key key, Optional<String> version);

    /** Opens a version; empty where there is none, and for a delete marker. */
    Optional<OpenFile> open(long volume, Key key, Optional<String> version);

    /**
     * Resolves segments: the slices of blocks, or of bytes, that hold {@code [from, to)} of an inode's content, at their offsets within
     * that content. Whoever opened a file keeps what it refers to from going by a pin.
     */
    List<Slice> leaves(long content, long from, long to);

    /** Content generation of an inode, if it is still there. */
    Optional<Long> contentGeneration(long inode);

    Listing list(long volume, Key prefix, Key delimiter, Key after, int limit);

    Listing listVersions(
            long volume, Key prefix, Key delimiter, Key keyMarker, Optional<String> versionMarker, int limit);

    Optional<Upload> upload(long volume, Key key, String id);

    /** What a completed upload became. */
    Optional<ObjectInfo> completed(long volume, Key key, String id);

    /** Parts of an open upload. */
    List<Part> parts(Upload upload, int afterNumber, int limit);

    UploadListing uploads(
            long volume, Key prefix, Key delimiter, Key keyMarker, Optional<String> uploadMarker, int limit);
}
