package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.AllocateExtent;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.namespace.wire.CleanedExtent;
import io.tarn.core.namespace.wire.DirtyExtent;
import io.tarn.core.namespace.wire.DropExtent;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.ExtentState;
import io.tarn.core.namespace.wire.ForgetExtent;
import io.tarn.core.namespace.wire.ReleaseExtent;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.SealExtent;

/**
 * The life of extents as the names see it: open → sealed → released → dropped → forgotten. The epoch fences a writer that was given up:
 * sealing on its behalf raises it.
 */
final class ExtentCommands {
    private static final byte[] HELD = {};

    private final Transaction transaction;
    private final Contents contents;

    ExtentCommands(final Transaction transaction, final Contents contents) {
        this.transaction = transaction;
        this.contents = contents;
    }

    Reply allocate(final AllocateExtent command, final long session) {
        transaction.volume(command.getVolume());
        final long id = transaction.nextExtent();
        final long epoch = transaction.nextGeneration();
        put(
                id,
                ExtentRecord.newBuilder()
                        .setVolume(command.getVolume())
                        .setState(ExtentState.OPEN)
                        .setEpoch(epoch)
                        .setSession(session)
                        .build());
        transaction.store.put(Families.HELD, Keys.of(session, id), HELD);
        return Replies.of(
                AllocatedReply.newBuilder().setExtent(id).setEpoch(epoch).build());
    }

    Reply seal(final SealExtent command, final long session) {
        final ExtentRecord extent = get(command.getExtent());
        if (extent.getState() != ExtentState.OPEN) {
            if (extent.getLength() != command.getLength() && !command.getRecovered()) {
                throw new StorageException(
                        Failure.CONFLICT, "the extent is sealed at %d already".formatted(extent.getLength()));
            }
            return Replies.DONE;
        }
        if (command.getRecovered()) {
            if (extent.getSession() != 0) {
                throw new StorageException(Failure.CONFLICT, "the extent's writer is alive");
            }
            put(
                    command.getExtent(),
                    sealed(extent, command.getLength()).toBuilder()
                            .setEpoch(transaction.nextGeneration())
                            .setState(ExtentState.RELEASED)
                            .build());
            transaction.store.delete(Families.HELD, Keys.of(0, command.getExtent()));
            contents.markDirty(command.getExtent(), command.getLength());
            return Replies.DONE;
        }
        requireEpoch(extent, command.getEpoch());
        requireHolder(extent, session);
        put(command.getExtent(), sealed(extent, command.getLength()));
        return Replies.DONE;
    }

    private ExtentRecord sealed(final ExtentRecord extent, final long length) {
        return extent.toBuilder()
                .setState(ExtentState.SEALED)
                .setLength(length)
                .setSealedNanos(transaction.now())
                .build();
    }

    Reply release(final ReleaseExtent command, final long session) {
        final ExtentRecord extent = get(command.getExtent());
        if (extent.getState() == ExtentState.RELEASED || extent.getState() == ExtentState.DROPPED) {
            return Replies.DONE;
        }
        requireEpoch(extent, command.getEpoch());
        requireHolder(extent, session);
        if (extent.getState() == ExtentState.OPEN) {
            throw new StorageException(Failure.CONFLICT, "an open extent cannot be released");
        }
        release(command.getExtent(), extent);
        return Replies.DONE;
    }

    /** From here on no name can come to refer to what none refers to now. */
    private void release(final long id, final ExtentRecord extent) {
        put(id, extent.toBuilder().setState(ExtentState.RELEASED).build());
        transaction.store.delete(Families.HELD, Keys.of(extent.getSession(), id));
        contents.markDirty(id, extent.getLength() - Math.min(extent.getLength(), extent.getLiveBytes()));
    }

    /** The session is over: what it sealed is released, what it had open waits for the keeper to find its length. */
    void endSession(final long id, final ExtentRecord extent) {
        switch (extent.getState()) {
            case OPEN -> {
                put(id, extent.toBuilder().setSession(0).build());
                transaction.store.delete(Families.HELD, Keys.of(extent.getSession(), id));
                transaction.store.put(Families.HELD, Keys.of(0, id), HELD);
            }
            case SEALED -> release(id, extent);
            default -> throw new IllegalStateException("session still holds extent %x".formatted(id));
        }
    }

    Reply cleaned(final CleanedExtent command) {
        Records.get(transaction.store, Families.DIRTY, Keys.of(command.getExtent()), DirtyExtent.parser())
                .filter(dirty -> dirty.getIndex() == command.getIndex())
                .ifPresent(dirty -> transaction.store.delete(Families.DIRTY, Keys.of(command.getExtent())));
        return Replies.DONE;
    }

    Reply drop(final DropExtent command) {
        final ExtentRecord extent = get(command.getExtent());
        if (extent.getState() == ExtentState.DROPPED) {
            return Replies.DONE;
        }
        final byte[] prefix = Keys.of(command.getExtent());
        try (Cursor cursor = transaction.store.scan(Families.REFERENCE, prefix, Keys.after(prefix))) {
            if (extent.getState() != ExtentState.RELEASED || cursor.valid()) {
                throw new StorageException(Failure.CONFLICT, "the extent is in use");
            }
        }
        if (extent.getLiveBytes() != 0) {
            throw new IllegalStateException("extent without references counts live bytes");
        }
        put(
                command.getExtent(),
                extent.toBuilder().setState(ExtentState.DROPPED).build());
        return Replies.DONE;
    }

    Reply forget(final ForgetExtent command) {
        Records.extent(transaction.store, command.getExtent()).ifPresent(extent -> {
            if (extent.getState() != ExtentState.DROPPED) {
                throw new StorageException(Failure.CONFLICT, "only a dropped extent can be forgotten");
            }
            transaction.store.delete(Families.EXTENT, Keys.of(command.getExtent()));
            transaction.store.delete(Families.DIRTY, Keys.of(command.getExtent()));
        });
        return Replies.DONE;
    }

    private ExtentRecord get(final long extent) {
        return Records.extent(transaction.store, extent)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no extent %x".formatted(extent)));
    }

    private void put(final long id, final ExtentRecord extent) {
        transaction.put(Families.EXTENT, Keys.of(id), extent);
    }

    private static void requireHolder(final ExtentRecord extent, final long session) {
        if (extent.getSession() != session) {
            throw new StorageException(Failure.STALE_SESSION, "the extent is not this session's, or no longer");
        }
    }

    private static void requireEpoch(final ExtentRecord extent, final long epoch) {
        if (extent.getEpoch() != epoch) {
            throw new StorageException(Failure.STALE_SESSION, "the extent was taken from this writer");
        }
    }
}
