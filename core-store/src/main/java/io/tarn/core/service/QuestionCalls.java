package io.tarn.core.service;

import static io.tarn.core.protocol.NodeCodec.bytes;
import static io.tarn.core.protocol.NodeCodec.key;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tarn.client.Administration;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeQueries.LeaseState;
import io.tarn.core.namespace.NodeReads;
import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.wire.OpenRecord;
import io.tarn.core.protocol.Failures;
import io.tarn.core.protocol.FeedCodec;
import io.tarn.core.protocol.NodeCodec;
import io.tarn.core.protocol.ObjectCodec;
import io.tarn.core.protocol.VolumeCodec;
import io.tarn.core.protocol.wire.AskAnswer;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.Leases;
import io.tarn.core.protocol.wire.ListObjects;
import io.tarn.core.protocol.wire.ListParts;
import io.tarn.core.protocol.wire.ListUploads;
import io.tarn.core.protocol.wire.ListVersions;
import io.tarn.core.session.ShardNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers what clients ask, after making sure that they may know. Thread-safe; an answer is a few point reads or one scan. */
final class QuestionCalls {
    private static final int PAGE_MAX = 4_096;
    private static final int PARTS_MAX = 10_000;

    private final ShardNames names;
    private final Administration administration;
    private final ChangeFeed changes;
    private final Rights rights;

    QuestionCalls(
            final ShardNames names,
            final Administration administration,
            final ChangeFeed changes,
            final Rights rights) {
        this.names = names;
        this.administration = administration;
        this.changes = changes;
        this.rights = rights;
    }

    AskAnswer answer(final ClientSession session, final AskRequest ask) {
        final AskAnswer.Builder answer = AskAnswer.newBuilder();
        switch (ask.getQuestionCase()) {
            case VOLUME_NAMED ->
                volumeNamed(session, ask.getVolumeNamed().getName())
                        .ifPresent(volume -> answer.setVolume(VolumeCodec.encode(volume)));
            case LEASES ->
                leases(session, ask.getInode(), ask.getLeases())
                        .forEach(lease -> answer.addLeases(NodeCodec.encode(lease)));
            case LEAVES -> {
                rights.requireInode(session, ask.getLeaves().getContent());
                answer.addAllSlices(query(
                        session,
                        ask,
                        queries -> queries.leaves(
                                ask.getLeaves().getContent(),
                                ask.getLeaves().getFrom(),
                                ask.getLeaves().getTo())));
            }
            case CONTENT_GENERATION -> {
                if (rights.mayUse(session, ask.getContentGeneration().getOf())) {
                    query(
                                    session,
                                    ask,
                                    queries -> queries.contentGeneration(
                                            ask.getContentGeneration().getOf()))
                            .ifPresent(answer::setNumber);
                }
            }
            case ROOT,
                    STATISTICS,
                    FIND,
                    OPEN,
                    LIST,
                    LIST_VERSIONS,
                    UPLOAD,
                    COMPLETED,
                    PARTS,
                    UPLOADS,
                    DEEPEST,
                    SHARD_OF,
                    FEED_READ,
                    FEED_END -> {
                rights.requireVolume(session, ask.getVolume());
                ofVolume(session, ask, answer);
            }
            case HELD -> {
                if (rights.mayUse(session, ask.getInode())) {
                    final OpenRecord held = names.queryAt(
                            ask.getInode(), queries -> queries.nodes().held(ask.getInode(), session.id()));
                    answer.setHeld(held);
                }
            }
            case KEPT_REPLY ->
                rights.reply(
                                session,
                                ask.getKeptReply().getShard(),
                                ask.getKeptReply().getSequence())
                        .map(UnsafeByteOperations::unsafeWrap)
                        .ifPresent(answer::setBytes);
            case NODE, XATTR, XATTRS, OBSTACLE, IS_WAITING, LEASE -> {
                if (rights.mayUse(session, ask.getInode())) {
                    ofInode(session, ask, answer);
                }
            }
            case LOOKUP, RESOLVE, PATH, PAGE, RANGE, SNAPSHOT -> {
                rights.requireInode(session, ask.getInode());
                ofInode(session, ask, answer);
            }
            case QUESTION_NOT_SET -> throw new StorageException(Failure.UNSUPPORTED, "a question of a later release");
        }
        return answer.build();
    }

    private <T> T query(final ClientSession session, final AskRequest ask, final Function<ObjectReads, T> query) {
        return ask.getVolume() != 0
                ? names.queryFor(session.id(), ask.getVolume(), query)
                : names.queryAtFor(session.id(), ask.getInode(), query);
    }

    private Optional<Volume> volumeNamed(final ClientSession session, final String name) {
        final Optional<Volume> volume = administration.volume(name);
        volume.ifPresent(found -> Rights.require(session, found));
        return volume;
    }

    /** Of other tenants' files nobody hears; so a page is filled up from further on. */
    private List<LeaseState> leases(final ClientSession session, final long inShard, final Leases wanted) {
        requireLimit(wanted.getLimit());
        final List<LeaseState> allowed = new ArrayList<>();
        long after = wanted.getAfter();
        while (allowed.size() < wanted.getLimit()) {
            final long from = after;
            final List<LeaseState> page =
                    names.queryAt(inShard, queries -> queries.nodes().leases(from, wanted.getLimit()));
            for (final LeaseState lease : page) {
                if (allowed.size() < wanted.getLimit() && isOwn(session, lease.inode())) {
                    allowed.add(lease);
                }
            }
            if (page.size() < wanted.getLimit()) {
                break;
            }
            after = page.getLast().inode();
        }
        return allowed;
    }

    private boolean isOwn(final ClientSession session, final long inode) {
        try {
            return rights.mayUse(session, inode);
        } catch (final StorageException others) {
            if (others.failure() != Failure.PERMISSION_DENIED) {
                throw others;
            }
            return false;
        }
    }

    private static void requireLimit(final int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw Failures.malformed("a page of " + limit);
        }
    }

    private static Optional<String> optional(final boolean there, final String text) {
        return there ? Optional.of(text) : Optional.empty();
    }

    private void ofInode(final ClientSession session, final AskRequest ask, final AskAnswer.Builder answer) {
        final long inode = ask.getInode();
        names.queryAtFor(session.id(), inode, queries -> {
            // may be tried again from the start
            answer.clear();
            ofInode(inode, ask, queries.nodes(), answer);
            return answer;
        });
    }

    private static void ofInode(
            final long inode, final AskRequest ask, final NodeReads nodes, final AskAnswer.Builder answer) {
        switch (ask.getQuestionCase()) {
            case NODE -> nodes.node(inode).map(NodeCodec::encode).ifPresent(answer::setNode);
            case LOOKUP ->
                nodes.lookup(inode, key(ask.getLookup().getName()))
                        .map(NodeCodec::encode)
                        .ifPresent(answer::setNode);
            case RESOLVE ->
                nodes.resolve(
                                inode,
                                ask.getResolve().getNamesList().stream()
                                        .map(NodeCodec::key)
                                        .toList())
                        .forEach(node -> answer.addNodes(NodeCodec.encode(node)));
            case PATH -> nodes.path(inode).forEach(name -> answer.addKeys(bytes(name)));
            case PAGE -> {
                requireLimit(ask.getPage().getLimit());
                answer.setPage(NodeCodec.encode(nodes.page(
                        inode, key(ask.getPage().getAfter()), ask.getPage().getLimit())));
            }
            case RANGE ->
                answer.setRange(NodeCodec.encode(nodes.range(
                        inode, ask.getRange().getFrom(), ask.getRange().getTo())));
            case SNAPSHOT -> answer.setSnapshot(NodeCodec.encode(nodes.snapshot(inode)));
            case XATTR ->
                nodes.xattr(inode, key(ask.getXattr().getName()))
                        .map(ByteString::copyFrom)
                        .ifPresent(answer::setBytes);
            case XATTRS -> answer.addAllXattrs(NodeCodec.encode(nodes.xattrs(inode)));
            case OBSTACLE ->
                nodes.obstacle(inode, ask.getObstacle().getWanted()).ifPresent(answer::setLock);
            case IS_WAITING ->
                answer.setFlag(nodes.isWaiting(
                        inode,
                        ask.getIsWaiting().getSession(),
                        ask.getIsWaiting().getTicket()));
            case LEASE -> nodes.lease(inode).map(NodeCodec::encode).ifPresent(answer::addLeases);
            default -> throw new IllegalStateException("not a question about an inode: " + ask.getQuestionCase());
        }
    }

    private void ofVolume(final ClientSession session, final AskRequest ask, final AskAnswer.Builder answer) {
        final long volume = ask.getVolume();
        switch (ask.getQuestionCase()) {
            case DEEPEST ->
                names.deepest(volume, key(ask.getDeepest().getKey())).ifPresent(answer::setBase);
            case SHARD_OF -> answer.setNumber(names.homeOf(volume));
            case FEED_READ ->
                answer.setFeed(FeedCodec.encode(changes.read(
                        volume, ask.getFeedRead().getFrom(), ask.getFeedRead().getLimit())));
            case FEED_END -> answer.setNumber(changes.end(volume));
            default ->
                names.queryFor(session.id(), volume, queries -> {
                    // may be tried again from the start
                    answer.clear();
                    ofVolume(volume, ask, queries, answer);
                    return answer;
                });
        }
    }

    private static void ofVolume(
            final long volume, final AskRequest ask, final ObjectReads queries, final AskAnswer.Builder answer) {
        switch (ask.getQuestionCase()) {
            case ROOT -> answer.setNode(NodeCodec.encode(queries.nodes().root(volume)));
            case STATISTICS ->
                answer.setStatistics(NodeCodec.encode(queries.nodes().statistics(volume)));
            case FIND ->
                queries.find(
                                volume,
                                key(ask.getFind().getKey()),
                                optional(
                                        ask.getFind().hasVersion(),
                                        ask.getFind().getVersion()))
                        .map(ObjectCodec::encode)
                        .ifPresent(answer::setObject);
            case OPEN ->
                queries.open(
                                volume,
                                key(ask.getOpen().getKey()),
                                optional(
                                        ask.getOpen().hasVersion(),
                                        ask.getOpen().getVersion()))
                        .map(ObjectCodec::encode)
                        .ifPresent(answer::setOpened);
            case LIST -> {
                final ListObjects list = ask.getList();
                requireLimit(list.getLimit());
                answer.setListing(ObjectCodec.encode(queries.list(
                        volume,
                        key(list.getPrefix()),
                        key(list.getDelimiter()),
                        key(list.getAfter()),
                        list.getLimit())));
            }
            case LIST_VERSIONS -> {
                final ListVersions list = ask.getListVersions();
                requireLimit(list.getLimit());
                answer.setListing(ObjectCodec.encode(queries.listVersions(
                        volume,
                        key(list.getPrefix()),
                        key(list.getDelimiter()),
                        key(list.getKeyMarker()),
                        optional(list.hasVersionMarker(), list.getVersionMarker()),
                        list.getLimit())));
            }
            case UPLOAD ->
                queries.upload(
                                volume,
                                key(ask.getUpload().getKey()),
                                ask.getUpload().getId())
                        .map(ObjectCodec::encode)
                        .ifPresent(answer::addUploads);
            case COMPLETED ->
                queries.completed(
                                volume,
                                key(ask.getCompleted().getKey()),
                                ask.getCompleted().getId())
                        .map(ObjectCodec::encode)
                        .ifPresent(answer::setObject);
            case PARTS -> parts(volume, ask.getParts(), queries, answer);
            case UPLOADS -> {
                final ListUploads list = ask.getUploads();
                requireLimit(list.getLimit());
                answer.setUploadListing(ObjectCodec.encode(queries.uploads(
                        volume,
                        key(list.getPrefix()),
                        key(list.getDelimiter()),
                        key(list.getKeyMarker()),
                        optional(list.hasUploadMarker(), list.getUploadMarker()),
                        list.getLimit())));
            }
            default -> throw new IllegalStateException("not a question about a volume: " + ask.getQuestionCase());
        }
    }

    /** An upload's number alone says nothing of whose it is. */
    private static void parts(
            final long volume, final ListParts list, final ObjectReads queries, final AskAnswer.Builder answer) {
        if (list.getLimit() > 0) {
            queries.upload(volume, key(list.getKey()), list.getId())
                    .map(upload -> queries.parts(upload, list.getAfter(), Math.min(list.getLimit(), PARTS_MAX)))
                    .ifPresent(parts -> parts.forEach(part -> answer.addParts(ObjectCodec.encode(part))));
        }
    }
}
