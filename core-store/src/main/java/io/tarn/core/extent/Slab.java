package io.tarn.core.extent;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One piece of direct memory, divided by halving. The tree holds for each node the largest free block below it, so taking and
 * giving back walk one path. Not thread-safe.
 */
final class Slab {
    private final ByteBuffer memory;
    private final int unit;
    private final int leaves;
    /** Node i has the children 2i and 2i + 1; node 1 is the slab. Values are bytes. */
    private final int[] largestFree;

    Slab(final int unit, final int bytes) {
        this.memory = ByteBuffer.allocateDirect(bytes);
        this.unit = unit;
        this.leaves = bytes / unit;
        this.largestFree = new int[2 * leaves];
        Arrays.setAll(largestFree, node -> node == 0 ? 0 : bytes / Integer.highestOneBit(node));
    }

    /** Offset of a free block of exactly {@code size} bytes, now taken; -1 when there is none. */
    int take(final int size) {
        if (largestFree[1] < size) {
            return -1;
        }
        int node = 1;
        int nodeBytes = leaves * unit;
        while (nodeBytes > size) {
            node = largestFree[2 * node] >= size ? 2 * node : 2 * node + 1;
            nodeBytes /= 2;
        }
        largestFree[node] = 0;
        final int offset = (node - leaves * unit / nodeBytes) * nodeBytes;
        for (int up = node / 2; up >= 1; up /= 2) {
            largestFree[up] = Math.max(largestFree[2 * up], largestFree[2 * up + 1]);
        }
        return offset;
    }

    void giveBack(final int offset, final int size) {
        int nodeBytes = size;
        int node = leaves * unit / size + offset / size;
        if (largestFree[node] != 0) {
            throw new IllegalStateException("buffer at " + offset + " given back twice");
        }
        largestFree[node] = size;
        for (node /= 2; node >= 1; node /= 2) {
            final int left = largestFree[2 * node];
            final int right = largestFree[2 * node + 1];
            largestFree[node] = left == nodeBytes && right == nodeBytes ? 2 * nodeBytes : Math.max(left, right);
            nodeBytes *= 2;
        }
    }

    ByteBuffer view(final int offset, final int size) {
        return memory.slice(offset, size);
    }
}
