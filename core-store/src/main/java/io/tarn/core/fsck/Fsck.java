package io.tarn.core.fsck;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentInfo;
import io.tarn.core.extent.ExtentStore;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.FileNames;
import io.tarn.core.namespace.NamespaceAudit;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.session.ReadPins;
import io.tarn.core.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks a shard and the extents of this node while they are in use. Records are read from one frozen moment; blocks that are live at
 * that moment are pinned, so none of them is punched while the check reads them.
 *
 * <p>Cost: all records once, all live bytes once. Runs on the calling thread.
 */
public final class Fsck {
    private static final int FINDINGS_MAX = 1000;
    private static final int USERS_MAX = 16;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Shard shard;
    private final ExtentStore store;
    private final ReadPins pins;
    private final List<String> findings = new ArrayList<>();
    private final Map<Block, String> unreadable = new LinkedHashMap<>();
    private long extents;
    private long blocks;
    private long bytes;

    public Fsck(final Shard shard, final ExtentStore store, final ReadPins pins) {
        this.shard = shard;
        this.store = store;
        this.pins = pins;
    }

    /**
     * Runs the whole check once.
     *
     * @param verifyBytes whether to read every live block; else only records are checked
     */
    public FsckReport run(final boolean verifyBytes) {
        final long began = System.nanoTime();
        final ReadPins.Pin pin = pins.pin(shard.appliedIndex());
        try {
            final Map<ExtentId, ExtentInfo> local = new HashMap<>();
            store.list().forEach(info -> local.put(info.extent(), info));
            shard.read(reader -> {
                new NamespaceAudit(reader).run().forEach(finding -> add(finding.what()));
                return true;
            });
            final List<Known> known = query(queries -> {
                final List<Known> all = new ArrayList<>();
                queries.extents(all::add);
                return all;
            });
            known.forEach(extent -> check(extent, local, verifyBytes));
            nameUnreadable();
            local.values().forEach(this::unknown);
        } finally {
            pin.close();
        }
        return new FsckReport(findings, extents, blocks, bytes, (System.nanoTime() - began) / NANOS_PER_SECOND);
    }

    private <T> T query(final Function<ExtentQueries, T> query) {
        return shard.read(reader -> query.apply(new ExtentQueries(reader)));
    }

    private void add(final String finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    private void check(final Known extent, final Map<ExtentId, ExtentInfo> local, final boolean verifyBytes) {
        extents++;
        final ExtentInfo info = local.remove(extent.id());
        final ExtentState state = extent.record().getState();
        if (state == ExtentState.DROPPED) {
            return;
        }
        final List<Block> live = query(queries -> {
            final List<Block> found = new ArrayList<>();
            queries.liveBlocks(extent.id(), found::add);
            return found;
        });
        if (info == null) {
            if (!live.isEmpty()) {
                add("extent %s is missing on disk; %d live blocks are lost with it"
                        .formatted(extent.id(), live.size()));
            }
            return;
        }
        if (info.state() == ExtentInfo.State.DAMAGED) {
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
    private void nameUnreadable() {
        if (unreadable.isEmpty()) {
            return;
        }
        shard.read(reader -> {
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
    }

    /** A file without a record may be an extent that was made after the records were read. */
    private void unknown(final ExtentInfo info) {
        if (query(queries -> queries.extent(info.extent())).isEmpty() && stillThere(info)) {
            add("extent %s lies on disk and no shard knows it".formatted(info.extent()));
        }
    }

    private boolean stillThere(final ExtentInfo info) {
        return store.list().stream().anyMatch(now -> now.extent().equals(info.extent()));
    }
}
