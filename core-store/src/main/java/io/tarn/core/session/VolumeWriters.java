package io.tarn.core.session;

import io.tarn.client.ContentWriter;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.BufferPool;
import io.tarn.core.extent.ExtentTarget;
import io.tarn.core.extent.PackedWriter;
import io.tarn.core.extent.PackedWriterOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The packed writer of each volume whose extents are being written to. One that nobody has used for a while seals its extents and
 * leaves; at most {@value #VOLUMES_MAX} are there, and the one that was idle the longest makes room for another volume's. Contents
 * that stay in memory need none.
 *
 * <p>Thread-safe. Taking a writer costs a lock and a look-up; it blocks, for the seal of another volume's extents, only when
 * there is no room.
 */
public final class VolumeWriters implements Writers, AutoCloseable {
    static final int VOLUMES_MAX = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Member> members = new HashMap<>();
    /** Closed writers with extents that could not be sealed or released yet, and the sessions they belong to. */
    private final Map<PackedWriter, Belonging> leaving = new HashMap<>();

    private final Names names;
    private final ShardLedger ledger;
    private final ExtentTarget target;
    private final BufferPool buffers;
    private final int inlineMaxBytes;
    private final PackedWriterOptions options;
    private final int volumesMax;
    private final LongSupplier nanoTime;
    private boolean closed;

    public VolumeWriters(
            final Names names, final ExtentTarget target, final BufferPool buffers, final int inlineMaxBytes) {
        this(names, target, buffers, inlineMaxBytes, PackedWriterOptions.defaults(), VOLUMES_MAX, System::nanoTime);
    }

    /**
     * @param volumesMax volumes that may have a writer at a time
     * @param nanoTime clock of {@link #tick}
     */
    public VolumeWriters(
            final Names names,
            final ExtentTarget target,
            final BufferPool buffers,
            final int inlineMaxBytes,
            final PackedWriterOptions options,
            final int volumesMax,
            final LongSupplier nanoTime) {
        this.names = names;
        this.ledger = new ShardLedger(names);
        this.target = target;
        this.buffers = buffers;
        this.inlineMaxBytes = inlineMaxBytes;
        this.options = options;
        this.volumesMax = volumesMax;
        this.nanoTime = nanoTime;
    }

    /** Whose a writer's extents are: with the session they are lost, and the shard's keeper deals with them. */
    private record Belonging(Names names, long volume, long session) {
        boolean isLost() {
            return names.session(volume) != session;
        }
    }

    private Belonging belonging(final long volume) {
        return new Belonging(names, volume, names.session(volume));
    }

    /** A volume's writer with those who use it. */
    private static final class Member {
        private final PackedWriter writer;
        private final Belonging belonging;
        private int users;
        private long lastUsedNanos;

        Member(final PackedWriter writer, final Belonging belonging) {
            this.writer = writer;
            this.belonging = belonging;
        }
    }

    @Override
    public ContentWriter open(final long volume) {
        return new SpillingWriter(() -> lease(volume), inlineMaxBytes);
    }

    /** A volume's writer, which stays while it is leased. Close it when no content written through it is undecided. */
    final class Lease implements AutoCloseable {
        private final Member member;

        private Lease(final Member member) {
            this.member = member;
        }

        PackedWriter writer() {
            return member.writer;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                member.users--;
                member.lastUsedNanos = nanoTime.getAsLong();
            } finally {
                lock.unlock();
            }
        }
    }

    Lease lease(final long volume) {
        Optional<Lease> lease = tryLease(volume);
        if (lease.isEmpty()) {
            makeRoom();
            lease = tryLease(volume);
        }
        return lease.orElseThrow(() -> new StorageException(
                Failure.UNAVAILABLE, "contents of " + volumesMax + " volumes are being written already"));
    }

    /** A writer of the caller's own, for copies that lie apart from new contents. It belongs to the same session; close it. */
    public PackedWriter dedicated(final long volume, final PackedWriterOptions its) {
        return new PackedWriter(volume, ledger, target, buffers, its, nanoTime);
    }

    /** Closes a {@link #dedicated} writer; what it cannot seal or release now is tried again with each {@link #tick}. */
    public void retire(final PackedWriter writer) {
        writer.close();
        lock.lock();
        try {
            if (writer.unsettledExtents() > 0) {
                leaving.put(writer, belonging(writer.volume()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Empty when there is no room for another volume. */
    private Optional<Lease> tryLease(final long volume) {
        lock.lock();
        try {
            if (closed) {
                throw new StorageException(Failure.UNAVAILABLE, "the client is closed");
            }
            Member member = members.get(volume);
            if (member != null && member.belonging.isLost()) {
                // what is being written through it cannot be named any more; what comes now can
                members.remove(volume);
                leaving.put(member.writer, member.belonging);
                member = null;
            }
            if (member == null) {
                if (members.size() + leaving.size() >= volumesMax) {
                    return Optional.empty();
                }
                member = new Member(
                        new PackedWriter(volume, ledger, target, buffers, options, nanoTime), belonging(volume));
                members.put(volume, member);
            }
            member.users++;
            return Optional.of(new Lease(member));
        } finally {
            lock.unlock();
        }
    }

    /** Has the writer leave that nobody has used for the longest time. */
    private void makeRoom() {
        final List<PackedWriter> gone = new ArrayList<>();
        lock.lock();
        try {
            members.entrySet().stream()
                    .filter(member -> member.getValue().users == 0)
                    .min((one, other) -> Long.signum(one.getValue().lastUsedNanos - other.getValue().lastUsedNanos))
                    .ifPresent(longest -> {
                        members.remove(longest.getKey());
                        gone.add(longest.getValue().writer);
                        leaving.put(longest.getValue().writer, longest.getValue().belonging);
                    });
        } finally {
            lock.unlock();
        }
        gone.forEach(PackedWriter::close);
        dropSettled();
    }

    /** Seals what has been idle, lets idle writers go, and goes on with seals and releases that failed before. Blocks. */
    public void tick(final long nowNanos) {
        final List<PackedWriter> staying = new ArrayList<>();
        final List<PackedWriter> idle = new ArrayList<>();
        final List<PackedWriter> waiting = new ArrayList<>();
        lock.lock();
        try {
            waiting.addAll(leaving.keySet());
            final long idleSince = nowNanos - options.idleAfter().toNanos();
            members.values().removeIf(member -> {
                final boolean leaves = member.users == 0 && member.lastUsedNanos - idleSince <= 0;
                (leaves ? idle : staying).add(member.writer);
                if (leaves) {
                    leaving.put(member.writer, member.belonging);
                }
                return leaves;
            });
        } finally {
            lock.unlock();
        }
        staying.forEach(writer -> writer.tick(nowNanos));
        idle.forEach(PackedWriter::close);
        waiting.forEach(PackedWriter::close);
        dropSettled();
    }

    private void dropSettled() {
        lock.lock();
        try {
            leaving.entrySet()
                    .removeIf(writer -> writer.getKey().unsettledExtents() == 0
                            || writer.getValue().isLost());
        } finally {
            lock.unlock();
        }
    }

    /** Volumes that have a writer, those included whose writer is leaving. */
    public int volumes() {
        lock.lock();
        try {
            return members.size() + leaving.size();
        } finally {
            lock.unlock();
        }
    }

    /** Seals everything that is open, and takes no more contents. */
    @Override
    public void close() {
        final List<PackedWriter> all = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            members.values().forEach(member -> {
                all.add(member.writer);
                leaving.put(member.writer, member.belonging);
            });
            members.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(PackedWriter::close);
        dropSettled();
    }
}
