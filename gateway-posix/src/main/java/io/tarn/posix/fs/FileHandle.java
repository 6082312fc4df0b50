package io.tarn.posix.fs;

import io.tarn.client.CommandTrail;
import io.tarn.client.Node;
import io.tarn.posix.journal.HandleSlots;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A descriptor. Thread-safe. */
final class FileHandle {
    private final long number;
    private final OpenInode inode;
    private final HandleSlots.Slot slot;
    private final Optional<Node> atOpening;
    private final WriteErrors.Reader errors;
    private final ReadPattern pattern = new ReadPattern();
    private final AtomicReference<Optional<Runnable>> firstUse = new AtomicReference<>(Optional.empty());

    /** @param inode whose opening, if it was for this descriptor, was the last */
    FileHandle(final long number, final OpenInode inode, final HandleSlots.Slot slot, final Optional<Errno> untold) {
        this.atOpening = inode.takeAtOpening();
        this.number = number;
        this.inode = inode;
        this.slot = slot;
        this.errors = inode.errors().reader(slot, untold);
    }

    /** It is no more, and nobody is told anything through it. After what it held was let go. */
    void close() {
        errors.close();
        slot.close();
    }

    long number() {
        return number;
    }

    /** What is to be done when the kernel comes with this descriptor first: only then has it taken the answer to its opening. */
    void atFirstUse(final Runnable action) {
        firstUse.set(Optional.of(action));
    }

    /** The kernel has come with this descriptor. Costs a volatile read. */
    void used() {
        if (firstUse.get().isPresent()) {
            firstUse.getAndSet(Optional.empty()).ifPresent(Runnable::run);
        }
    }

    OpenInode inode() {
        return inode;
    }

    /** The inode as the storage gave it when the file was opened for this descriptor; empty where it was open already. */
    Optional<Node> atOpening() {
        return atOpening;
    }

    /** How it has been read so far. */
    ReadPattern pattern() {
        return pattern;
    }

    boolean writes() {
        return HandleNumbers.writes(number);
    }

    boolean appends() {
        return HandleNumbers.appends(number);
    }

    /** Commits what is written, and throws what this descriptor was not told of yet. */
    void commit() {
        inode.commit();
        errors.report();
    }

    /** The same, of a descriptor that is closed. */
    void flush() {
        inode.flush();
        errors.report();
    }

    void write(final long offset, final ByteBuffer bytes) {
        telling(() -> {
            inode.write(offset, bytes);
            return 0L;
        });
    }

    /** Returns where the bytes begin. */
    long append(final CommandTrail trail, final ByteBuffer bytes) {
        return telling(() -> inode.append(trail, bytes));
    }

    /** Whose call fails has been told of what that call lost. */
    private long telling(final LongSupplier call) {
        boolean done = false;
        try {
            final long result = call.getAsLong();
            done = true;
            return result;
        } finally {
            if (!done) {
                errors.told();
            }
        }
    }
}
