package io.tarn.core.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Bytes as programs see them, bytes as the medium holds them, and the changes between the two. The disk's lock guards it. */
final class SimulatedInode {
    private static final int SECTOR_BYTES = 512;

    private final Content visible;
    private final Content durable;
    private final List<Change> unforced = new ArrayList<>();

    private SimulatedInode(final Content visible, final Content durable) {
        this.visible = visible;
        this.durable = durable;
    }

    static SimulatedInode file() {
        return new SimulatedInode(new Content(), new Content());
    }

    static SimulatedInode directory() {
        return file();
    }

    int size() {
        return visible.size;
    }

    byte[] read(final int offset, final int length) {
        return Arrays.copyOfRange(visible.bytes, offset, offset + length);
    }

    void write(final int offset, final byte[] bytes) {
        apply(new Write(offset, bytes));
    }

    void truncate(final int size) {
        apply(new Truncate(size));
    }

    void punch(final int offset, final int length) {
        final int end = Math.min(visible.size, offset + length);
        if (end > offset) {
            apply(new Write(offset, new byte[end - offset]));
        }
    }

    void force() {
        unforced.forEach(change -> change.applyTo(durable));
        unforced.clear();
    }

    void flip(final int offset) {
        visible.bytes[offset] ^= 1;
        durable.bytes[offset] ^= 1;
    }

    SimulatedInode crash(final RandomGenerator random) {
        final Content survivor = durable.copy();
        unforced.forEach(change -> change.surviveIn(survivor, random));
        return new SimulatedInode(survivor, survivor.copy());
    }

    private void apply(final Change change) {
        change.applyTo(visible);
        unforced.add(change);
    }

    private sealed interface Change {
        void applyTo(Content content);

        void surviveIn(Content content, RandomGenerator random);
    }

    private record Truncate(int newSize) implements Change {
        @Override
        public void applyTo(final Content content) {
            content.resize(newSize);
        }

        @Override
        public void surviveIn(final Content content, final RandomGenerator random) {
            if (random.nextBoolean()) {
                applyTo(content);
            }
        }
    }

    private record Write(int offset, byte[] bytes) implements Change {
        @Override
        public void applyTo(final Content content) {
            content.write(offset, bytes, 0, bytes.length);
        }

        @Override
        public void surviveIn(final Content content, final RandomGenerator random) {
            switch (random.nextInt(3)) {
                case 0 -> applyTo(content);
                case 1 -> {
                    int at = 0;
                    while (at < bytes.length) {
                        final int inSector = SECTOR_BYTES - (offset + at) % SECTOR_BYTES;
                        final int step = Math.min(inSector, bytes.length - at);
                        if (random.nextBoolean()) {
                            content.write(offset + at, bytes, at, step);
                        }
                        at += step;
                    }
                }
                default -> {
                    // lost wholly
                }
            }
        }
    }

    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        Content copy() {
            final Content copy = new Content();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }

        void write(final int offset, final byte[] source, final int from, final int length) {
            resize(Math.max(size, offset + length));
            System.arraycopy(source, from, bytes, offset, length);
        }

        void resize(final int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }
    }
}
