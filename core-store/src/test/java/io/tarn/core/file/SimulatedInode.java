package io.tarn.core.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        visible.flip(offset);
        durable.flip(offset);
    }

    /** A force failed: what it was to force is seen until the next restart, and no later force covers it. */
    void loseUnforced() {
        unforced.clear();
    }

    /** What a full or failing device leaves of a write. */
    void writeHalf(final int offset, final byte[] bytes) {
        apply(new Write(offset, Arrays.copyOf(bytes, bytes.length / 2)));
    }

    SimulatedInode copy() {
        final SimulatedInode copy = new SimulatedInode(visible.copy(), durable.copy());
        copy.unforced.addAll(unforced);
        return copy;
    }

    SimulatedInode crash(final Survival survival) {
        final Content survivor = durable.copy();
        unforced.forEach(change -> change.surviveIn(survivor, survival));
        return new SimulatedInode(survivor, survivor.copy());
    }

    private void apply(final Change change) {
        change.applyTo(visible);
        unforced.add(change);
    }

    private sealed interface Change {
        void applyTo(Content content);

        void surviveIn(Content content, Survival survival);
    }

    private record Truncate(int newSize) implements Change {
        @Override
        public void applyTo(final Content content) {
            content.resize(newSize);
        }

        @Override
        public void surviveIn(final Content content, final Survival survival) {
            if (survival.survives()) {
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
        public void surviveIn(final Content content, final Survival survival) {
            switch (survival.ofWrite()) {
                case WHOLE -> applyTo(content);
                case TORN -> {
                    int at = 0;
                    while (at < bytes.length) {
                        final int inSector = SECTOR_BYTES - (offset + at) % SECTOR_BYTES;
                        final int step = Math.min(inSector, bytes.length - at);
                        if (survival.ofSector()) {
                            content.write(offset + at, bytes, at, step);
                        }
                        at += step;
                    }
                }
                case LOST -> {
                    // nothing of it was on the medium
                }
            }
        }
    }

    /** Copies share their bytes until one of them changes. */
    private static final class Content {
        private byte[] bytes = new byte[0];
        private boolean shared;
        private int size;

        Content copy() {
            final Content copy = new Content();
            copy.bytes = bytes;
            copy.size = size;
            copy.shared = true;
            shared = true;
            return copy;
        }

        void write(final int offset, final byte[] source, final int from, final int length) {
            resize(Math.max(size, offset + length));
            System.arraycopy(source, from, bytes, offset, length);
        }

        void resize(final int newSize) {
            own(newSize);
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        void flip(final int offset) {
            own(size);
            bytes[offset] ^= 1;
        }

        private void own(final int wanted) {
            if (wanted > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(wanted, bytes.length * 2));
            } else if (shared) {
                bytes = bytes.clone();
            }
            shared = false;
        }
    }
}
