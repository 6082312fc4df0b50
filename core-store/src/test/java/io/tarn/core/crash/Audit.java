package io.tarn.core.crash;

import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.extent.ExtentInfo;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.fsck.FsckReport;
import io.tarn.core.namespace.ExtentQueries;
import io.tarn.core.namespace.ExtentQueries.Known;
import io.tarn.core.namespace.wire.ExtentState;
import java.util.ArrayList;
import java.util.List;

/** What must hold of records and disk right after a recovered node has kept house once, nobody having written yet. */
final class Audit {
    private final SimulatedNode node;

    Audit(final SimulatedNode node) {
        this.node = node;
    }

    /** Every record agrees with every other, and every live byte with its checksum. */
    void sound() {
        final FsckReport report = node.fsck().run(true);
        if (!report.sound()) {
            throw new AssertionError("fsck finds " + report.findings());
        }
    }

    /** Extents on disk and in the records are the same ones, all hold live bytes, and nothing lies between these. */
    void noSpaceLost() {
        final List<Known> known = new ArrayList<>();
        node.shard().read(reader -> {
            new ExtentQueries(reader).extents(known::add);
            return true;
        });
        final List<ExtentId> onDisk =
                node.store().list().stream().map(ExtentInfo::extent).toList();
        if (!onDisk.equals(known.stream().map(Known::id).toList())) {
            throw new AssertionError("extents %s lie on disk, %s are known".formatted(onDisk, known));
        }
        known.forEach(this::noSpaceLost);
    }

    private void noSpaceLost(final Known extent) {
        final ExtentInfo info = node.store().info(extent.id());
        if (extent.record().getState() != ExtentState.RELEASED || info.state() != ExtentInfo.State.SEALED) {
            throw new AssertionError("%s is %s on disk and %s".formatted(extent.id(), info.state(), extent.record()));
        }
        if (extent.record().getLength() != info.length()) {
            throw new AssertionError("%s has %d bytes on disk and %s".formatted(extent.id(), info.length(), extent));
        }
        final List<Block> live = new ArrayList<>();
        node.shard().read(reader -> {
            new ExtentQueries(reader).liveBlocks(extent.id(), live::add);
            return true;
        });
        if (live.isEmpty()) {
            throw new AssertionError(extent.id() + " holds nothing and is kept");
        }
        long end = ExtentTarget.FIRST_OFFSET;
        for (final Block block : live) {
            requireHole(extent.id(), end, block.offset());
            end = block.offset() + ExtentTarget.appendedBytes(block.length());
        }
        requireHole(extent.id(), end, info.length());
    }

    private void requireHole(final ExtentId extent, final long from, final long to) {
        for (final byte value : node.extents().bytes(extent, from, to)) {
            if (value != 0) {
                throw new AssertionError("garbage is left in %s between %d and %d".formatted(extent, from, to));
            }
        }
    }
}
