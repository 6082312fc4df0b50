package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.client.Checksum;
import io.tarn.client.Key;
import io.tarn.client.LazyParts;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.core.namespace.wire.ChecksumRecord;
import io.tarn.core.namespace.wire.CompletedPartList;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.TextEntry;
import io.tarn.core.namespace.wire.VersionEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates between records of the store and the client API's view of objects. */
final class ObjectInfos {
    private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

    private ObjectInfos() {}

    static ObjectInfo of(
            final long volume,
            final Key key,
            final long id,
            final Inode inode,
            final boolean versioned,
            final boolean latest) {
        final ObjectAttributes object = inode.getObject();
        final boolean directory = inode.getType() == FileType.DIRECTORY;
        return new ObjectInfo(
                volume,
                key,
                id,
                inode.getGeneration(),
                directory ? Versions.NULL : Versions.text(inode.getNullVersion(), inode.getVersionOrder()),
                versioned,
                latest,
                false,
                directory ? 0 : inode.getSize(),
                inode.getMtimeNanos(),
                directory ? EMPTY_MD5 : EntityTags.of(inode),
                object.getOwner(),
                meta(object),
                parts(object));
    }

    /** The parts an object was completed from. */
    static List<ObjectInfo.CompletedPart> parts(final ObjectAttributes object) {
        if (object.getParts().getCount() == 0) {
            return List.of();
        }
        final ByteString stored = object.getParts().getList();
        return new LazyParts(object.getParts().getCount(), () -> decode(stored));
    }

    private static List<ObjectInfo.CompletedPart> decode(final ByteString stored) {
        return Records.parse(CompletedPartList.parser(), stored.toByteArray()).getPartsList().stream()
                .map(part -> new ObjectInfo.CompletedPart(part.getNumber(), part.getSize(), text(part.getChecksum())))
                .toList();
    }

    static ObjectInfo deleteMarker(final long volume, final Key key, final VersionEntry marker, final boolean latest) {
        return new ObjectInfo(
                volume,
                key,
                0,
                marker.getOrder(),
                Versions.text(marker.getNullVersion(), marker.getOrder()),
                true,
                latest,
                true,
                0,
                marker.getTimeNanos(),
                "",
                marker.getOwner(),
                ObjectMeta.NONE,
                List.of());
    }

    static ObjectMeta meta(final ObjectAttributes object) {
        return new ObjectMeta(
                map(object.getHeadersList()),
                map(object.getUserMetadataList()),
                map(object.getTagsList()),
                text(object.getStorageClass()),
                text(object.getAcl()),
                object.hasChecksum() ? Optional.of(checksum(object.getChecksum())) : Optional.empty());
    }

    /** The stored form, without entity tag, owner and parts. */
    static ObjectAttributes.Builder attributes(final ObjectMeta meta) {
        final ObjectAttributes.Builder object = ObjectAttributes.newBuilder()
                .setStorageClass(meta.storageClass().orElse(""))
                .setAcl(meta.acl().orElse(""));
        meta.headers().forEach((name, value) -> object.addHeaders(entry(name, value)));
        meta.userMetadata().forEach((name, value) -> object.addUserMetadata(entry(name, value)));
        meta.tags().forEach((name, value) -> object.addTags(entry(name, value)));
        meta.checksum().ifPresent(checksum -> object.setChecksum(record(checksum)));
        return object;
    }

    static ChecksumRecord record(final Checksum checksum) {
        return ChecksumRecord.newBuilder()
                .setAlgorithm(checksum.algorithm())
                .setValue(checksum.value())
                .setComposite(checksum.composite())
                .build();
    }

    private static Checksum checksum(final ChecksumRecord record) {
        return new Checksum(record.getAlgorithm(), record.getValue(), record.getComposite());
    }

    private static TextEntry entry(final String name, final String value) {
        return TextEntry.newBuilder().setName(name).setValue(value).build();
    }

    private static Map<String, String> map(final List<TextEntry> entries) {
        if (entries.isEmpty()) {
            return Map.of();
        }
        final Map<String, String> map = LinkedHashMap.newLinkedHashMap(entries.size());
        entries.forEach(entry -> map.put(entry.getName(), entry.getValue()));
        return map;
    }

    private static Optional<String> text(final String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
