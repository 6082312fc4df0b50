package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.core.namespace.wire.CompletedPartRecord;
import io.tarn.core.namespace.wire.ObjectAttributes;
import java.util.Optional;

/** One version of a key in the model; a delete marker has inode 0. */
final class ModelVersion {
    long inode;
    long order;
    long generation;
    boolean nullVersion;
    long modifiedNanos;
    String owner = "";
    ObjectAttributes object = ObjectAttributes.getDefaultInstance();
    ModelContent content = ModelContent.EMPTY;

    boolean isMarker() {
        return inode == 0;
    }

    String version() {
        return nullVersion ? "null" : "%016x".formatted(order);
    }

    String etag() {
        return object.getEtag().isEmpty() ? "%032x-0".formatted(order) : object.getEtag();
    }

    ObjectInfo info(final long volume, final Key key, final boolean versioned, final boolean latest) {
        return new ObjectInfo(
                volume,
                key,
                inode,
                generation,
                version(),
                versioned,
                latest,
                isMarker(),
                content.size(),
                modifiedNanos,
                isMarker() ? "" : etag(),
                owner,
                isMarker() ? ObjectMeta.NONE : ObjectInfos.meta(object),
                object.getPartsList().stream().map(ModelVersion::part).toList());
    }

    private static ObjectInfo.CompletedPart part(final CompletedPartRecord part) {
        return new ObjectInfo.CompletedPart(
                part.getNumber(),
                part.getSize(),
                part.getChecksum().isEmpty() ? Optional.empty() : Optional.of(part.getChecksum()));
    }
}
