package io.tarn.core.fsck;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentInfo;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.FileNames;
import io.tarn.core.namespace.Finding;
import io.tarn.core.namespace.NamespaceAudit;
import io.tarn.core.namespace.TwoPhaseQueries;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.session.ShardSession;
import io.tarn.core.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Checks the shards and the extents of this node while they are in use. Records are read from one frozen moment; blocks that are live at
 * that moment are pinned, so none of them is punched while the check reads them.
 *
 * <p>Cost: all records once, all live bytes once. Runs on the calling thread.
 */
public final class Fsck {
    private static final int FINDINGS_MAX = 1000;
    private static final int USERS_MAX = 16;
    private static final double NANOS_PER_SECOND = 1e9;

    private static final int QUIET_ATTEMPTS_MAX = 50;
    private static final long QUIET_WAIT_NANOS = 20_000_000;

    private final List<ShardSession> shards;
    private final ExtentStore store;
    private final List<String> findings = new ArrayList<>();
    private final Map<Block, String> unreadable = new LinkedHashMap<>();
    private long extents;
    private long blocks;
    private long bytes;

    public Fsck(final List<ShardSession> shards, final ExtentStore store) {
        this.shards = List.copyOf(shards);
        this.store = store;
    }

    /**
     * Runs the whole check once.
     *
     * @param verifyBytes whether to read every live block; else only records are checked
     */
    public FsckReport run(final boolean verifyBytes) {
        final long began = System.nanoTime();
        final List<ReadPins.Pin> pins = shards.stream()
                .map(shard -> shard.pins().pin(shard.shard().appliedIndex()))
                .toList();
        try {
            final Map<ExtentId, ExtentInfo> local = new HashMap<>();
            store.list().forEach(info -> local.put(info.extent(), info));
            audit();
            for (final ShardSession shard : shards) {
                final List<Known> known = query(shard, queries -> {
                    final List<Known> all = new ArrayList<>();
                    queries.extents(all::add);
                    return all;
                });
                known.forEach(extent -> check(shard, extent, local, verifyBytes));
                nameUnreadable(shard);
            }
            local.values().forEach(this::unknown);
        } finally {
            pins.forEach(ReadPins.Pin::close);
        }
        return new FsckReport(findings, extents, blocks, bytes, (System.nanoTime() - began) / NANOS_PER_SECOND);
    }

    /** Checks the records of all shards, frozen between two commits that join them. */
    private void audit() {
        for (int attempt = 0; attempt < QUIET_ATTEMPTS_MAX; attempt++) {
            final Optional<List<Finding>> result = auditIfQuiet(0, new TreeMap<>());
            if (result.isPresent()) {
                result.get().forEach(finding -> add(finding.what()));
                return;
            }
            LockSupport.parkNanos(QUIET_WAIT_NANOS);
        }
        add("the records of the shards were not checked: commits between them never paused");
    }

    private Optional<List<Finding>> auditIfQuiet(final int at, final Map<Integer, KeyValueReader> frozen) {
        if (at < shards.size()) {
            final Shard shard = shards.get(at).shard();
            return shard.read(reader -> {
                frozen.put(shard.number(), reader);
                return auditIfQuiet(at + 1, frozen);
            });
        }
        final boolean quiet = shards.stream().allMatch(shard -> isQuiet(shard.shard(), frozen));
        return quiet ? Optional.of(new NamespaceAudit(frozen).run()) : Optional.empty();
    }

    /** Whether no commit was under way when the shard was frozen, nor has one begun until all were. */
    private static boolean isQuiet(final Shard shard, final Map<Integer, KeyValueReader> frozen) {
        final TwoPhaseQueries then = new TwoPhaseQueries(frozen.get(shard.number()));
        return then.quiet() && then.transactions() == shard.read(reader -> new TwoPhaseQueries(reader).transactions());
    }

    private static <T> T query(final ShardSession shard, final Function<ExtentQueries, T> query) {
        return shard.shard().read(reader -> query.apply(new ExtentQueries(reader)));
    }

    private void add(final String finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    private void check(
            final ShardSession shard,
            final Known extent,
            final Map<ExtentId, ExtentInfo> local,
            final boolean verifyBytes) {
        extents++;
        final Optional<ExtentInfo> listed = Optional.ofNullable(local.remove(extent.id()));
        final ExtentState state = extent.record().getState();
        if (state == ExtentState.DROPPED) {
            return;
        }
        final List<Block> live = query(shard, queries -> {
            final List<Block> found = new ArrayList<>();
            queries.liveBlocks(extent.id(), found::add);
            return found;
        });
        // What came after the list was made is looked for now: it was on disk before a name could refer to it, and goes
        // only after our pin.
        final Optional<ExtentInfo> info = listed.or(() -> store.find(extent.id()));
        if (info.isEmpty()) {
            if (!live.isEmpty()) {
                add("extent %s is missing on disk; %d live blocks are lost with it"
                        .formatted(extent.id(), live.size()));
            }
            return;
        }
        if (info.get().state() == ExtentInfo.State.DAMAGED) {
            add("extent %s has an unreadable header".formatted(extent.id()));
        }
        if (verifyBytes) {
            live.forEach(this::verify);
        }
    }

    private void verify(final Block live) {
        blocks++;
        bytes += live.length();
        try {
            store.verify(live);
        } catch (final StorageException failed) {
            if (failed.failure() != Failure.CORRUPT
                    && failed.failure() != Failure.IO_ERROR
                    && failed.failure() != Failure.NOT_FOUND) {
                throw failed;
            }
            if (unreadable.size() < FINDINGS_MAX) {
                unreadable.put(live, failed.getMessage());
            }
        }
    }

    /** Says of each unreadable block which files it belongs to; their names are looked up at once, for that is a scan. */
    private void nameUnreadable(final ShardSession session) {
        if (unreadable.isEmpty()) {
            return;
        }
        session.shard().read(reader -> {
            final ExtentQueries queries = new ExtentQueries(reader);
            final Map<Block, List<Long>> users = new HashMap<>();
            unreadable.keySet().forEach(block -> users.put(block, queries.users(block, USERS_MAX)));
            final Map<Long, List<String>> names = FileNames.of(
                    reader, users.values().stream().flatMap(List::stream).toList());
            unreadable.forEach((block, why) -> {
                final List<String> files = users.get(block).stream()
                        .flatMap(user -> names.getOrDefault(user, List.of()).stream())
                        .toList();
                add("block at %d of extent %s, %d bytes, of %s: %s"
                        .formatted(
                                block.offset(),
                                block.extent(),
                                block.length(),
                                files.isEmpty() ? "no named file" : String.join(", ", files),
                                why));
            });
            return true;
        });
        unreadable.clear();
    }

    /** A file without a record may be an extent that was made after the records were read. */
    private void unknown(final ExtentInfo info) {
        final boolean known = shards.stream()
                .filter(shard -> shard.shard().number() == info.extent().shard())
                .anyMatch(shard ->
                        query(shard, queries -> queries.extent(info.extent())).isPresent());
        if (!known && stillThere(info)) {
            add("extent %s lies on disk and no shard knows it".formatted(info.extent()));
        }
    }

    private boolean stillThere(final ExtentInfo info) {
        return store.list().stream().anyMatch(now -> now.extent().equals(info.extent()));
    }
}
