package io.tarn.server.admin;

import io.tarn.core.fsck.FsckReport;
import io.tarn.core.keeper.UnreadableBlock;
import io.tarn.server.Version;
import io.tarn.server.admin.Documents.CheckDocument;
import io.tarn.server.admin.Documents.ShardDocument;
import io.tarn.server.admin.Documents.StatusDocument;
import io.tarn.server.admin.Documents.WorkDocument;
import java.util.List;
import java.util.Optional;

/** The node itself. */
final class NodeEndpoints {
    /** Unreadable blocks told of at a time; the log has them all. */
    private static final int UNREADABLE_MAX = 100;

    private NodeEndpoints() {}

    static List<Endpoint> all() {
        return List.of(Endpoint.get("/status", NodeEndpoints::status), Endpoint.run("/fsck", NodeEndpoints::check));
    }

    private static Object status(final Call call) {
        final List<String> troubles = call.node().troubles();
        final List<ShardDocument> shards = call.node().shards().stream()
                .map(shard -> new ShardDocument(
                        shard.number(),
                        shard.isLeader(),
                        shard.appliedIndex(),
                        shard.stats().queueDepth()))
                .toList();
        final Optional<Long> tenants = call.caller().principal().root()
                ? Optional.of((long) call.administration().tenants().size())
                : Optional.empty();
        return new StatusDocument(
                Version.current(),
                troubles.isEmpty(),
                troubles,
                call.node().clients(),
                shards,
                tenants,
                call.node().background().stream().map(WorkDocument::of).toList(),
                call.caller().principal().root() ? unreadable(call) : List.of());
    }

    private static List<String> unreadable(final Call call) {
        return call.node().unreadable().stream()
                .limit(UNREADABLE_MAX)
                .map(UnreadableBlock::text)
                .toList();
    }

    private static Object check(final Call call) {
        call.caller().requireRoot();
        final FsckReport report = call.node().check();
        return new CheckDocument(
                report.sound(), report.findings(), report.extents(), report.blocks(), report.bytes(), report.seconds());
    }
}
