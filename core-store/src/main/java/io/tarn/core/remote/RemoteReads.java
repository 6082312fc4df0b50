package io.tarn.core.remote;

import static io.tarn.core.protocol.NodeCodec.bytes;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.Listing;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.core.namespace.NamespaceQueries.OpenFile;
import io.tarn.core.namespace.NodeReads;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.protocol.ObjectCodec;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.ContentGeneration;
import io.tarn.core.protocol.wire.FindCompleted;
import io.tarn.core.protocol.wire.FindObject;
import io.tarn.core.protocol.wire.FindUpload;
import io.tarn.core.protocol.wire.Leaves;
import io.tarn.core.protocol.wire.ListObjects;
import io.tarn.core.protocol.wire.ListParts;
import io.tarn.core.protocol.wire.ListUploads;
import io.tarn.core.protocol.wire.ListVersions;
import io.tarn.core.protocol.wire.OpenObject;
import java.util.List;
import java.util.Optional;

/** Questions about whole files, asked in another process: one call each. */
final class RemoteReads implements ObjectReads {
    private final RemoteNames names;
    private final long volume;
    private final long inode;

    /** @param volume where to ask, or else {@code inode} */
    RemoteReads(final RemoteNames names, final long volume, final long inode) {
        this.names = names;
        this.volume = volume;
        this.inode = inode;
    }

    private AskRequest.Builder here() {
        return AskRequest.newBuilder().setVolume(volume).setInode(inode);
    }

    private static AskRequest.Builder of(final long asked) {
        return AskRequest.newBuilder().setVolume(asked);
    }

    @Override
    public NodeReads nodes() {
        return new RemoteNodeReads(names, inode);
    }

    @Override
    public Optional<ObjectInfo> find(final long asked, final Key key, final Optional<String> version) {
        final FindObject.Builder find = FindObject.newBuilder().setKey(bytes(key));
        version.ifPresent(find::setVersion);
        return object(names.ask(of(asked).setFind(find)));
    }

    private static Optional<ObjectInfo> object(final AskAnswer answer) {
        return answer.hasObject() ? Optional.of(ObjectCodec.decode(answer.getObject())) : Optional.empty();
    }

    @Override
    public Optional<OpenFile> open(final long asked, final Key key, final Optional<String> version) {
        final OpenObject.Builder open = OpenObject.newBuilder().setKey(bytes(key));
        version.ifPresent(open::setVersion);
        final AskAnswer answer = names.ask(of(asked).setOpen(open));
        return answer.hasOpened() ? Optional.of(ObjectCodec.decode(answer.getOpened())) : Optional.empty();
    }

    @Override
    public List<Slice> leaves(final long content, final long from, final long to) {
        return names.ask(here().setLeaves(Leaves.newBuilder()
                        .setContent(content)
                        .setFrom(from)
                        .setTo(to)))
                .getSlicesList();
    }

    @Override
    public Optional<Long> contentGeneration(final long asked) {
        final AskAnswer answer = names.ask(
                here().setContentGeneration(ContentGeneration.newBuilder().setOf(asked)));
        return answer.hasNumber() ? Optional.of(answer.getNumber()) : Optional.empty();
    }

    @Override
    public Listing list(final long asked, final Key prefix, final Key delimiter, final Key after, final int limit) {
        return ObjectCodec.decode(names.ask(of(asked)
                        .setList(ListObjects.newBuilder()
                                .setPrefix(bytes(prefix))
                                .setDelimiter(bytes(delimiter))
                                .setAfter(bytes(after))
                                .setLimit(limit)))
                .getListing());
    }

    @Override
    public Listing listVersions(
            final long asked,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> versionMarker,
            final int limit) {
        final ListVersions.Builder list = ListVersions.newBuilder()
                .setPrefix(bytes(prefix))
                .setDelimiter(bytes(delimiter))
                .setKeyMarker(bytes(keyMarker))
                .setLimit(limit);
        versionMarker.ifPresent(list::setVersionMarker);
        return ObjectCodec.decode(names.ask(of(asked).setListVersions(list)).getListing());
    }

    @Override
    public Optional<Upload> upload(final long asked, final Key key, final String id) {
        return names
                .ask(of(asked)
                        .setUpload(FindUpload.newBuilder().setKey(bytes(key)).setId(id)))
                .getUploadsList()
                .stream()
                .findFirst()
                .map(ObjectCodec::decode);
    }

    @Override
    public Optional<ObjectInfo> completed(final long asked, final Key key, final String id) {
        return object(names.ask(of(asked)
                .setCompleted(FindCompleted.newBuilder().setKey(bytes(key)).setId(id))));
    }

    @Override
    public List<Part> parts(final Upload upload, final int afterNumber, final int limit) {
        return names
                .ask(of(upload.volume())
                        .setParts(ListParts.newBuilder()
                                .setKey(bytes(upload.key()))
                                .setId(upload.id())
                                .setAfter(afterNumber)
                                .setLimit(limit)))
                .getPartsList()
                .stream()
                .map(ObjectCodec::decode)
                .toList();
    }

    @Override
    public UploadListing uploads(
            final long asked,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        final ListUploads.Builder list = ListUploads.newBuilder()
                .setPrefix(bytes(prefix))
                .setDelimiter(bytes(delimiter))
                .setKeyMarker(bytes(keyMarker))
                .setLimit(limit);
        uploadMarker.ifPresent(list::setUploadMarker);
        return ObjectCodec.decode(names.ask(of(asked).setUploads(list)).getUploadListing());
    }
}
