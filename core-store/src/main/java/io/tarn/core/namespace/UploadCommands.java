package io.tarn.core.namespace;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.AbortUpload;
import io.tarn.core.namespace.wire.CompleteUpload;
import io.tarn.core.namespace.wire.CompletedPartList;
import io.tarn.core.namespace.wire.CompletedPartRecord;
import io.tarn.core.namespace.wire.CompletedParts;
import io.tarn.core.namespace.wire.CreateUpload;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.ForgetUploads;
import io.tarn.core.namespace.wire.IdReply;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.ObjectAttributes;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.PartReference;
import io.tarn.core.namespace.wire.PartReply;
import io.tarn.core.namespace.wire.PutPart;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.UploadRecord;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Multipart uploads. A part is an inode without a name; completion gives the parts' slices to a new inode and drops the parts, so no
 * bytes move. A completed upload's record moves to a family of its own, and stays there for a while to answer a repeated completion:
 * listings and the drop of a volume meet open uploads only, and what is forgotten is found by its time.
 */
final class UploadCommands {
    /** Completions that one command forgets. */
    static final int FORGET_MAX = 1_000;
    /** A completed object takes over no more slices of its parts than about so many. */
    static final int COPIED_SLICES_MAX = 1_000;

    private final Transaction transaction;
    private final Contents contents;
    private final Accounts accounts;
    private final ObjectCommands objects;

    UploadCommands(
            final Transaction transaction,
            final Contents contents,
            final Accounts accounts,
            final ObjectCommands objects) {
        this.transaction = transaction;
        this.contents = contents;
        this.accounts = accounts;
        this.objects = objects;
    }

    Reply create(final CreateUpload command) {
        transaction.volume(command.getVolume());
        final long id = transaction.nextGeneration();
        final UploadRecord upload = command.getUpload().toBuilder()
                .setInitiatedNanos(transaction.now())
                .build();
        transaction.put(
                Families.UPLOAD,
                Keys.upload(command.getVolume(), upload.getKey().toByteArray(), id),
                upload);
        return Replies.of(
                IdReply.newBuilder().setId(id).setTimeNanos(transaction.now()).build());
    }

    private UploadRecord open(final long volume, final byte[] key, final long upload) {
        return Records.upload(transaction.store, volume, key, upload)
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no such upload"));
    }

    Reply putPart(final PutPart command, final long session) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        final UploadRecord upload = open(command.getVolume(), command.getKey().toByteArray(), command.getUpload());
        final long id = transaction.nextInode();
        final long generation = transaction.nextGeneration();
        final Inode inode = contents.attach(
                        id,
                        Inode.newBuilder()
                                .setType(FileType.REGULAR)
                                .setVolume(command.getVolume())
                                .setUid(upload.getUid())
                                .setGid(upload.getGid())
                                .setNlink(1)
                                .setMtimeNanos(transaction.now())
                                .setCtimeNanos(transaction.now())
                                .setBtimeNanos(transaction.now())
                                .setGeneration(generation)
                                .setContentGeneration(generation),
                        command.getContent(),
                        session)
                .build();
        Records.part(transaction.store, command.getUpload(), command.getNumber())
                .ifPresent(old -> drop(old.getInode()));
        accounts.charge(command.getVolume(), volume, inode.getSize(), 1);
        transaction.putInode(id, inode);
        final PartRecord part = PartRecord.newBuilder()
                .setInode(id)
                .setSize(inode.getSize())
                .setEtag(command.getEtag())
                .setModifiedNanos(transaction.now())
                .setChecksum(command.getChecksum())
                .build();
        transaction.put(Families.PART, Keys.part(command.getUpload(), command.getNumber()), part);
        return Replies.of(PartReply.newBuilder().setPart(part).build());
    }

    Reply complete(final CompleteUpload command) {
        final VolumeRecord volume = transaction.volume(command.getVolume());
        final byte[] key = command.getKey().toByteArray();
        final byte[] uploadKey = Keys.upload(command.getVolume(), key, command.getUpload());
        final Optional<UploadRecord> completed =
                Records.completed(transaction.store, command.getVolume(), key, command.getUpload());
        if (completed.isPresent()) {
            return Replies.of(completed.get().getCompleted());
        }
        final UploadRecord upload = open(command.getVolume(), key, command.getUpload());
        final List<PartRecord> parts = new ArrayList<>();
        final ObjectAttributes.Builder object = upload.getObject().toBuilder().setEtag(command.getEtag());
        if (command.hasChecksum()) {
            object.setChecksum(command.getChecksum());
        }
        final CompletedPartList.Builder listed = CompletedPartList.newBuilder();
        for (final PartReference wanted : command.getPartsList()) {
            final PartRecord part = Records.part(transaction.store, command.getUpload(), wanted.getNumber())
                    .filter(found -> found.getEtag().equals(wanted.getEtag()))
                    .orElseThrow(() -> new StorageException(
                            Failure.CONFLICT, "part " + wanted.getNumber() + " is not the one that was listed"));
            parts.add(part);
            listed.addParts(CompletedPartRecord.newBuilder()
                    .setNumber(wanted.getNumber())
                    .setSize(part.getSize())
                    .setChecksum(part.getChecksum()));
        }
        object.setParts(CompletedParts.newBuilder()
                .setCount(listed.getPartsCount())
                .setList(listed.build().toByteString()));
        final ObjectReply reply = objects.install(
                command.getVolume(),
                volume,
                command.getKey(),
                upload.getUid(),
                upload.getGid(),
                object.build(),
                current -> Preconditions.check(command.getPrecondition(), current),
                (id, inode) -> {
                    final Inode.Builder joined = join(id, inode, parts);
                    dropParts(command.getVolume(), volume, command.getUpload());
                    return joined;
                });
        transaction.store.delete(Families.UPLOAD, uploadKey);
        transaction.store.put(
                Families.COMPLETION, Keys.of(transaction.now(), command.getUpload()), Keys.of(command.getUpload()));
        transaction.put(
                Families.COMPLETED,
                Keys.of(command.getUpload()),
                upload.toBuilder()
                        .clearObject()
                        .setCompleted(reply)
                        .setCompletedNanos(transaction.now())
                        .build());
        return Replies.of(reply);
    }

    /** Slices of parts of few slices are taken over, as long as they are not many together; other parts become segments. */
    private Inode.Builder join(final long id, final Inode.Builder inode, final List<PartRecord> parts) {
        final List<Slice> slices = new ArrayList<>();
        long end = 0;
        for (final PartRecord part : parts) {
            final Inode content = transaction.inode(part.getInode());
            final boolean many = content.getSpilled() || slices.size() >= COPIED_SLICES_MAX;
            if (content.getContentOnly() || (many && content.getSize() > 0)) {
                if (!content.getContentOnly()) {
                    contents.segments().keepContent(part.getInode(), content);
                }
                slices.addAll(Segments.covering(part.getInode(), part.getSize(), end));
            } else {
                for (final Slice slice : contents.asSlices(part.getInode(), content)) {
                    slices.add(Contents.shift(slice, end));
                }
            }
            end += part.getSize();
        }
        return contents.attachSlices(id, inode.setSize(end), slices);
    }

    Reply abort(final AbortUpload command) {
        final byte[] key = command.getKey().toByteArray();
        open(command.getVolume(), key, command.getUpload());
        final VolumeRecord volume = Records.volume(transaction.store, command.getVolume())
                .orElseThrow(() -> new IllegalStateException("upload of a volume that is gone"));
        dropParts(command.getVolume(), volume, command.getUpload());
        transaction.store.delete(Families.UPLOAD, Keys.upload(command.getVolume(), key, command.getUpload()));
        return Replies.DONE;
    }

    /** Nothing names the parts any more, and they are charged for no longer; what no segment needs is given up in steps. */
    private void dropParts(final long volumeId, final VolumeRecord volume, final long upload) {
        final byte[] prefix = Keys.of(upload);
        final List<byte[]> keys = new ArrayList<>();
        long dropped = 0;
        long bytes = 0;
        try (Cursor cursor = transaction.store.scan(Families.PART, prefix, Keys.after(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                keys.add(cursor.key());
                final PartRecord part = Records.parse(PartRecord.parser(), cursor.value());
                final Inode inode = transaction.inode(part.getInode());
                if (!inode.getContentOnly()) {
                    contents.segments().keepContent(part.getInode(), inode);
                    contents.segments().doom(part.getInode());
                }
                dropped++;
                bytes += part.getSize();
            }
        }
        accounts.charge(volumeId, volume, -bytes, -dropped);
        keys.forEach(key -> transaction.store.delete(Families.PART, key));
    }

    private void drop(final long inode) {
        objects.destroy(inode, transaction.inode(inode));
    }

    /** What is completed in this very entry stays, so that no completion can come to lie behind the remembered position. */
    Reply forget(final ForgetUploads command) {
        final byte[] from = transaction
                .store
                .get(Families.META, Transaction.FORGOTTEN_COMPLETIONS)
                .orElse(Keys.of(0, 0));
        final byte[] to = Keys.of(Math.min(command.getCompletedBeforeNanos(), transaction.now()));
        final List<byte[]> old = new ArrayList<>();
        if (Arrays.compareUnsigned(from, to) < 0) {
            try (Cursor cursor = transaction.store.scan(Families.COMPLETION, from, to)) {
                for (; cursor.valid() && old.size() < FORGET_MAX; cursor.next()) {
                    old.add(cursor.key());
                }
            }
        }
        for (final byte[] key : old) {
            transaction.store.delete(Families.COMPLETION, key);
            transaction.store.delete(Families.COMPLETED, Keys.of(Keys.lastLong(key)));
        }
        if (!old.isEmpty()) {
            transaction.store.put(Families.META, Transaction.FORGOTTEN_COMPLETIONS, Keys.after(old.getLast()));
        }
        return Replies.progress(old.size() == FORGET_MAX);
    }
}
