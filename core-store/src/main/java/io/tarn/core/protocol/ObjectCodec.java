package io.tarn.core.protocol;

import static io.tarn.core.protocol.NodeCodec.bytes;
import static io.tarn.core.protocol.NodeCodec.key;

import com.google.protobuf.ByteString;
import io.tarn.client.Checksum;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectInfo.CompletedPart;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Entry;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.wire.ChecksumRecord;
import io.tarn.core.namespace.wire.TextEntry;
import io.tarn.core.protocol.wire.CompletedPartMessage;
import io.tarn.core.protocol.wire.ListedMessage;
import io.tarn.core.protocol.wire.ListingMessage;
import io.tarn.core.protocol.wire.MetaMessage;
import io.tarn.core.protocol.wire.ObjectMessage;
import io.tarn.core.protocol.wire.OpenedMessage;
import io.tarn.core.protocol.wire.PartMessage;
import io.tarn.core.protocol.wire.UploadListingMessage;
import io.tarn.core.protocol.wire.UploadMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whole files, their listings and uploads as messages. */
public final class ObjectCodec {
    private ObjectCodec() {}

    private static Optional<String> when(final boolean there, final String text) {
        return there ? Optional.of(text) : Optional.empty();
    }

    private static List<TextEntry> entries(final Map<String, String> texts) {
        return texts.entrySet().stream()
                .map(text -> TextEntry.newBuilder()
                        .setName(text.getKey())
                        .setValue(text.getValue())
                        .build())
                .toList();
    }

    private static Map<String, String> texts(final List<TextEntry> entries) {
        final Map<String, String> texts = new LinkedHashMap<>();
        entries.forEach(entry -> texts.put(entry.getName(), entry.getValue()));
        return texts;
    }

    public static MetaMessage encode(final ObjectMeta meta) {
        final MetaMessage.Builder message = MetaMessage.newBuilder()
                .addAllHeaders(entries(meta.headers()))
                .addAllUserMetadata(entries(meta.userMetadata()))
                .addAllTags(entries(meta.tags()));
        meta.storageClass().ifPresent(message::setStorageClass);
        meta.acl().ifPresent(message::setAcl);
        meta.checksum()
                .ifPresent(checksum -> message.setChecksum(ChecksumRecord.newBuilder()
                        .setAlgorithm(checksum.algorithm())
                        .setValue(checksum.value())
                        .setComposite(checksum.composite())));
        return message.build();
    }

    public static ObjectMeta decode(final MetaMessage message) {
        final ChecksumRecord checksum = message.getChecksum();
        return new ObjectMeta(
                texts(message.getHeadersList()),
                texts(message.getUserMetadataList()),
                texts(message.getTagsList()),
                when(message.hasStorageClass(), message.getStorageClass()),
                when(message.hasAcl(), message.getAcl()),
                message.hasChecksum()
                        ? Optional.of(
                                new Checksum(checksum.getAlgorithm(), checksum.getValue(), checksum.getComposite()))
                        : Optional.empty());
    }

    public static ObjectMessage encode(final ObjectInfo info) {
        final ObjectMessage.Builder message = ObjectMessage.newBuilder()
                .setVolume(info.volume())
                .setKey(bytes(info.key()))
                .setInode(info.inode())
                .setGeneration(info.generation())
                .setVersion(info.version())
                .setVersioned(info.versioned())
                .setLatest(info.latest())
                .setDeleteMarker(info.deleteMarker())
                .setSize(info.size())
                .setModifiedNanos(info.modifiedNanos())
                .setEtag(info.etag())
                .setOwner(info.owner())
                .setMeta(encode(info.meta()));
        for (final CompletedPart part : info.parts()) {
            final CompletedPartMessage.Builder its =
                    CompletedPartMessage.newBuilder().setNumber(part.number()).setSize(part.size());
            part.checksum().ifPresent(its::setChecksum);
            message.addParts(its);
        }
        return message.build();
    }

    public static ObjectInfo decode(final ObjectMessage message) {
        return new ObjectInfo(
                message.getVolume(),
                key(message.getKey()),
                message.getInode(),
                message.getGeneration(),
                message.getVersion(),
                message.getVersioned(),
                message.getLatest(),
                message.getDeleteMarker(),
                message.getSize(),
                message.getModifiedNanos(),
                message.getEtag(),
                message.getOwner(),
                decode(message.getMeta()),
                message.getPartsList().stream()
                        .map(part -> new CompletedPart(
                                part.getNumber(), part.getSize(), when(part.hasChecksum(), part.getChecksum())))
                        .toList());
    }

    public static OpenedMessage encode(final OpenFile file) {
        final OpenedMessage.Builder message = OpenedMessage.newBuilder()
                .setInfo(encode(file.info()))
                .setContentGeneration(file.contentGeneration())
                .addAllSlices(file.slices());
        file.inline().ifPresent(inline -> message.setInline(ByteString.copyFrom(inline)));
        return message.build();
    }

    public static OpenFile decode(final OpenedMessage message) {
        return new OpenFile(
                decode(message.getInfo()),
                message.getContentGeneration(),
                message.hasInline() ? Optional.of(message.getInline().toByteArray()) : Optional.empty(),
                message.getSlicesList());
    }

    public static ListingMessage encode(final Listing listing) {
        final ListingMessage.Builder message = ListingMessage.newBuilder().setTruncated(listing.truncated());
        for (final Entry entry : listing.entries()) {
            message.addEntries(
                    switch (entry) {
                        case final Found found -> ListedMessage.newBuilder().setObject(encode(found.info()));
                        case final CommonPrefix prefix ->
                            ListedMessage.newBuilder().setPrefix(bytes(prefix.key()));
                    });
        }
        return message.build();
    }

    public static Listing decode(final ListingMessage message) {
        return new Listing(
                message.getEntriesList().stream().map(ObjectCodec::entry).toList(), message.getTruncated());
    }

    private static Entry entry(final ListedMessage message) {
        return switch (message.getEntryCase()) {
            case OBJECT -> new Found(decode(message.getObject()));
            case PREFIX -> new CommonPrefix(key(message.getPrefix()));
            case ENTRY_NOT_SET -> throw Failures.malformed("an entry of a listing is neither object nor prefix");
        };
    }

    public static UploadMessage encode(final Upload upload) {
        final UploadMessage.Builder message = UploadMessage.newBuilder()
                .setVolume(upload.volume())
                .setKey(bytes(upload.key()))
                .setId(upload.id())
                .setOwner(upload.owner())
                .setInitiatedNanos(upload.initiatedNanos())
                .setMeta(encode(upload.meta()));
        upload.checksum().ifPresent(checksum -> message.setChecksumAlgorithm(checksum.algorithm())
                .setChecksumComposite(checksum.composite()));
        return message.build();
    }

    public static Upload decode(final UploadMessage message) {
        return new Upload(
                message.getVolume(),
                key(message.getKey()),
                message.getId(),
                message.getOwner(),
                message.getInitiatedNanos(),
                decode(message.getMeta()),
                message.hasChecksumAlgorithm()
                        ? Optional.of(
                                new UploadChecksum(message.getChecksumAlgorithm(), message.getChecksumComposite()))
                        : Optional.empty());
    }

    public static PartMessage encode(final Part part) {
        final PartMessage.Builder message = PartMessage.newBuilder()
                .setNumber(part.number())
                .setSize(part.size())
                .setEtag(part.etag())
                .setModifiedNanos(part.modifiedNanos());
        part.checksum().ifPresent(message::setChecksum);
        return message.build();
    }

    public static Part decode(final PartMessage message) {
        return new Part(
                message.getNumber(),
                message.getSize(),
                message.getEtag(),
                message.getModifiedNanos(),
                when(message.hasChecksum(), message.getChecksum()));
    }

    public static UploadListingMessage encode(final UploadListing listing) {
        final UploadListingMessage.Builder message =
                UploadListingMessage.newBuilder().setTruncated(listing.truncated());
        listing.uploads().forEach(upload -> message.addUploads(encode(upload)));
        listing.commonPrefixes().forEach(prefix -> message.addPrefixes(bytes(prefix)));
        return message.build();
    }

    public static UploadListing decode(final UploadListingMessage message) {
        final List<Key> prefixes =
                message.getPrefixesList().stream().map(NodeCodec::key).toList();
        return new UploadListing(
                message.getUploadsList().stream().map(ObjectCodec::decode).toList(), prefixes, message.getTruncated());
    }
}
