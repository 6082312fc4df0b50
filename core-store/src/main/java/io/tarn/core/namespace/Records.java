package io.tarn.core.namespace;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.Dentry;
import io.tarn.core.namespace.wire.ExtentRecord;
import io.tarn.core.namespace.wire.FeedRecord;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.Slice;
import io.tarn.core.namespace.wire.UploadRecord;
import io.tarn.core.namespace.wire.VersionEntry;
import io.tarn.core.namespace.wire.VolumeRecord;
import java.util.Arrays;
import java.util.Optional;

/** Typed reads of records. A record that does not parse is a broken invariant: it stops the shard. */
final class Records {
    private Records() {}

    static <T> T parse(final Parser<T> parser, final byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (final InvalidProtocolBufferException broken) {
            throw new IllegalStateException("a stored record does not parse", broken);
        }
    }

    static <T> Optional<T> get(
            final KeyValueReader store, final Family family, final byte[] key, final Parser<T> parser) {
        final Optional<byte[]> value = store.get(family, key);
        return value.isPresent() ? Optional.of(parse(parser, value.get())) : Optional.empty();
    }

    static Optional<Inode> inode(final KeyValueReader store, final long inode) {
        return get(store, Families.INODE, Keys.of(inode), Inode.parser());
    }

    static Optional<Dentry> file(final KeyValueReader store, final long parent, final byte[] name) {
        return get(store, Families.DENTRY, Keys.name(parent, name), Dentry.parser());
    }

    static Optional<Dentry> directory(final KeyValueReader store, final long parent, final byte[] name) {
        return get(store, Families.DENTRY, Keys.directory(parent, name), Dentry.parser());
    }

    static Optional<VolumeRecord> volume(final KeyValueReader store, final long volume) {
        return get(store, Families.VOLUME, Keys.of(volume), VolumeRecord.parser());
    }

    static Optional<ExtentRecord> extent(final KeyValueReader store, final long extent) {
        return get(store, Families.EXTENT, Keys.of(extent), ExtentRecord.parser());
    }

    static Optional<UploadRecord> upload(
            final KeyValueReader store, final long volume, final byte[] key, final long upload) {
        return get(store, Families.UPLOAD, Keys.upload(volume, key, upload), UploadRecord.parser());
    }

    static Optional<PartRecord> part(final KeyValueReader store, final long upload, final int number) {
        return get(store, Families.PART, Keys.part(upload, number), PartRecord.parser());
    }

    /** An upload that was completed not long ago; {@code key} must be the one it was created with. */
    static Optional<UploadRecord> completed(
            final KeyValueReader store, final long volume, final byte[] key, final long upload) {
        return get(store, Families.COMPLETED, Keys.of(upload), UploadRecord.parser())
                .filter(found -> found.getCompleted().getAttributes().getVolume() == volume
                        && Arrays.equals(found.getKey().toByteArray(), key));
    }

    static Optional<FeedRecord> feed(final KeyValueReader store, final long volume) {
        return get(store, Families.FEED_RECORD, Keys.of(volume), FeedRecord.parser());
    }

    static VersionEntry versionEntry(final byte[] bytes) {
        return parse(VersionEntry.parser(), bytes);
    }

    static Slice slice(final byte[] bytes) {
        return parse(Slice.parser(), bytes);
    }
}
