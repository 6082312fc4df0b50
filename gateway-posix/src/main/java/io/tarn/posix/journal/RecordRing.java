package io.tarn.posix.journal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * What was written and is not committed, in the order of writing: a ring of records, of which the oldest that still counts bounds how far the newest may
 * go. When there is no room, the file of the oldest record is committed.
 *
 * <p>Wherever the process is killed, what is found is right: a record is laid and the end of the ring moved behind it under a lock; then its
 * bytes are copied, and only then does its state say that it counts. One that was being copied is passed over, by its length, and was not
 * answered. The state is one word, so are both ends.
 *
 * <p>Cost of a record: one copy of its bytes, outside the lock, a lock and eight stores; 64 bytes of memory beside them. Empty, the ring begins at the
 * front again, so that small files come to the same few pages always; {@link #trim} gives back what a large one has touched. Thread-safe.
 */
public final class RecordRing {
    static final long BYTES_MIN = 1 << 16;
    private static final long HEADER_BYTES = 64;
    /** Stays resident. */
    private static final long KEPT_BYTES = 1 << 20;

    private static final long HEAD_AT = 0;
    private static final long TAIL_AT = 64;

    private static final long LENGTH_AT = 0;
    private static final long STATE_AT = 8;
    private static final long KIND_AT = 16;
    private static final long INODE_AT = 24;
    private static final long OFFSET_AT = 32;
    private static final long NANOS_AT = 40;
    private static final long BYTES_AT = 48;

    private static final long LAID = 1;
    private static final long COUNTS = 2;
    private static final long OVER = 3;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Words ends;
    private final Words memory;
    private final MountJournal.Discarding discarding;
    private final long capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final List<Kept> inherited = new ArrayList<>();
    private volatile LongConsumer committing = inode -> {};
    /** Positions count on without end; a place in memory is one modulo the capacity. */
    private long head;

    private long tail;
    private long touched;

    /** What a record is about. */
    public enum Kind {
        /** Bytes at an offset. */
        WRITE(1),
        /** Attributes, as {@link AttributeRecord} lays them. */
        ATTRIBUTES(2),
        /** What lies between a record and the end of the memory. */
        GAP(3);

        private final long number;

        Kind(final long number) {
            this.number = number;
        }

        private static Kind of(final long number) {
            return Arrays.stream(values())
                    .filter(kind -> kind.number == number)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no kind of record has number " + number));
        }
    }

    RecordRing(final Words ends, final Words memory, final MountJournal.Discarding discarding) {
        this.ends = ends;
        this.memory = memory;
        this.discarding = discarding;
        this.capacity = memory.bytes();
        if (!isOff()) {
            head = ends.get(HEAD_AT);
            tail = ends.get(TAIL_AT);
            touched = capacity;
            recover();
        }
    }

    private boolean isOff() {
        return capacity == 0;
    }

    private void recover() {
        for (long at = tail; at < head; at += word(at, LENGTH_AT)) {
            final long state = word(at, STATE_AT);
            if (state == COUNTS) {
                final Kind kind = Kind.of(word(at, KIND_AT));
                inherited.add(
                        new Kept(new Entry(at), kind, word(at, INODE_AT), word(at, OFFSET_AT), word(at, NANOS_AT)));
            } else if (state == LAID) {
                memory.publish(place(at) + STATE_AT, OVER);
            }
        }
        lock.lock();
        try {
            advance();
        } finally {
            lock.unlock();
        }
    }

    private long place(final long position) {
        return position % capacity;
    }

    private long word(final long position, final long at) {
        return memory.get(place(position) + at);
    }

    /** A record that counts until it is over. */
    public final class Entry {
        private final long position;

        private Entry(final long position) {
            this.position = position;
        }

        /** What it says is committed, or known to be lost. */
        public void over() {
            RecordRing.this.over(List.of(this));
        }
    }

    /** A record that an earlier process left. */
    public final class Kept {
        private final Entry entry;
        private final Kind kind;
        private final long inode;
        private final long offset;
        private final long nanos;

        private Kept(final Entry entry, final Kind kind, final long inode, final long offset, final long nanos) {
            this.entry = entry;
            this.kind = kind;
            this.inode = inode;
            this.offset = offset;
            this.nanos = nanos;
        }

        public Entry entry() {
            return entry;
        }

        public Kind kind() {
            return kind;
        }

        public long inode() {
            return inode;
        }

        public long offset() {
            return offset;
        }

        /** When it was written, in nanoseconds since the epoch. */
        public long nanos() {
            return nanos;
        }

        /** Valid as long as the entry is not over. */
        public ByteBuffer bytes() {
            return memory.bytes(place(entry.position) + HEADER_BYTES, word(entry.position, BYTES_AT));
        }
    }

    /** What counts of the process before, in the order of writing. */
    public List<Kept> inherited() {
        return List.copyOf(inherited);
    }

    /** How files are committed when there is no room: given an inode, it makes its records {@linkplain Entry#over over}. May fail. */
    public void committing(final LongConsumer how) {
        committing = how;
    }

    /** Most bytes of a record. */
    public int bytesMax() {
        return isOff() ? Integer.MAX_VALUE : (int) Math.min(capacity / 8, 1 << 20);
    }

    /**
     * Keeps bytes; they count when this returns.
     *
     * @param bytes at most {@link #bytesMax}; not consumed
     * @return empty when there was no room for as long as {@code patience} says
     */
    public Optional<Entry> write(
            final long inode, final long offset, final long nanos, final ByteBuffer bytes, final Duration patience)
            throws InterruptedException {
        return put(Kind.WRITE, inode, offset, nanos, bytes, patience);
    }

    /** Keeps a change of attributes. */
    public Optional<Entry> attributes(
            final long inode, final long nanos, final ByteBuffer change, final Duration patience)
            throws InterruptedException {
        return put(Kind.ATTRIBUTES, inode, 0, nanos, change, patience);
    }

    private Optional<Entry> put(
            final Kind kind,
            final long inode,
            final long offset,
            final long nanos,
            final ByteBuffer bytes,
            final Duration patience)
            throws InterruptedException {
        if (isOff()) {
            return Optional.of(new Entry(-1));
        }
        final Optional<Entry> laid = lay(kind, inode, offset, nanos, bytes.remaining(), patience);
        laid.ifPresent(entry -> {
            final long at = place(entry.position);
            memory.put(at + HEADER_BYTES, bytes);
            memory.publish(at + STATE_AT, COUNTS);
        });
        return laid;
    }

    private Optional<Entry> lay(
            final Kind kind,
            final long inode,
            final long offset,
            final long nanos,
            final int bytes,
            final Duration patience)
            throws InterruptedException {
        final long length = (HEADER_BYTES + bytes + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
        if (bytes > bytesMax()) {
            throw new IllegalArgumentException("a record of " + bytes + " bytes");
        }
        final long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            final long oldest;
            lock.lockInterruptibly();
            try {
                if (hasRoom(length)) {
                    return Optional.of(laid(kind, inode, offset, nanos, bytes, length));
                }
                oldest = word(tail, INODE_AT);
            } finally {
                lock.unlock();
            }
            committing.accept(oldest);
            if (!awaitRoom(length) && System.nanoTime() - deadline > 0) {
                return Optional.empty();
            }
        }
    }

    /** The oldest may be one that is not written to its file yet: then it cannot be committed either, but will be soon. */
    private boolean awaitRoom(final long length) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long leftNanos = LOOK_AGAIN.toNanos();
            while (!hasRoom(length) && leftNanos > 0) {
                leftNanos = room.awaitNanos(leftNanos);
            }
            return hasRoom(length);
        } finally {
            lock.unlock();
        }
    }

    private long gap(final long length) {
        final long rest = capacity - place(head);
        return rest < length ? rest : 0;
    }

    private boolean hasRoom(final long length) {
        return head + gap(length) + length - tail <= capacity;
    }

    private Entry laid(
            final Kind kind,
            final long inode,
            final long offset,
            final long nanos,
            final int bytes,
            final long length) {
        final long gap = gap(length);
        if (gap > 0) {
            header(Kind.GAP, 0, 0, 0, 0, gap, OVER);
        }
        final long position = head;
        header(kind, inode, offset, nanos, bytes, length, LAID);
        return new Entry(position);
    }

    private void header(
            final Kind kind,
            final long inode,
            final long offset,
            final long nanos,
            final long bytes,
            final long length,
            final long state) {
        final long at = place(head);
        memory.put(at + LENGTH_AT, length);
        memory.put(at + STATE_AT, state);
        memory.put(at + KIND_AT, kind.number);
        memory.put(at + INODE_AT, inode);
        memory.put(at + OFFSET_AT, offset);
        memory.put(at + NANOS_AT, nanos);
        memory.put(at + BYTES_AT, bytes);
        touched = Math.max(touched, at + length);
        head += length;
        ends.publish(HEAD_AT, head);
    }

    /** What these say is committed, or known to be lost. */
    public void over(final Collection<Entry> entries) {
        if (isOff() || entries.isEmpty()) {
            return;
        }
        entries.forEach(entry -> memory.publish(place(entry.position) + STATE_AT, OVER));
        lock.lock();
        try {
            advance();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        final long before = tail;
        while (tail < head && word(tail, STATE_AT) == OVER) {
            tail += word(tail, LENGTH_AT);
        }
        if (tail >= head && place(head) != 0) {
            // An end before its beginning is an empty ring, too, so that either word may be the last that was stored.
            head = (head / capacity + 1) * capacity;
            tail = head;
        }
        if (tail != before) {
            ends.publish(TAIL_AT, tail);
            ends.publish(HEAD_AT, head);
        }
    }

    /** Gives back memory that was touched, if nothing counts. */
    public void trim() {
        if (isOff() || touched <= KEPT_BYTES) {
            return;
        }
        lock.lock();
        try {
            if (tail >= head) {
                discarding.discard(KEPT_BYTES, touched - KEPT_BYTES);
                touched = KEPT_BYTES;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing counts. */
    public boolean isEmpty() {
        lock.lock();
        try {
            return tail >= head;
        } finally {
            lock.unlock();
        }
    }
}
