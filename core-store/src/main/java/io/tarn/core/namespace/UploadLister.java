package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lists open uploads of a volume in order of key, then of initiation. */
final class UploadLister {
    private final KeyValueReader store;
    private final long volume;

    UploadLister(final KeyValueReader store, final long volume) {
        this.store = store;
        this.volume = volume;
    }

    UploadListing list(
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        final byte[] wanted = prefix.toByteArray();
        final byte[] separator = delimiter.toByteArray();
        final List<Upload> uploads = new ArrayList<>();
        final List<Key> prefixes = new ArrayList<>();
        boolean truncated = false;
        final Optional<byte[]> from = from(wanted, separator, keyMarker, uploadMarker);
        if (from.isEmpty()) {
            return new UploadListing(List.of(), List.of(), false);
        }
        try (Cursor cursor = store.scan(Families.UPLOAD, from.get(), Keys.after(Keys.of(volume)))) {
            while (cursor.valid()) {
                final byte[] key = Keys.terminatedName(cursor.key());
                if (!Keys.startsWith(key, wanted)) {
                    break;
                }
                final UploadRecord record = Records.parse(UploadRecord.parser(), cursor.value());
                if (uploads.size() + prefixes.size() == limit) {
                    truncated = true;
                    break;
                }
                final int rolled = separator.length == 0 ? -1 : ObjectLister.indexOf(key, separator, wanted.length);
                if (rolled < 0) {
                    uploads.add(Uploads.of(volume, Uploads.id(Keys.lastLong(cursor.key())), record));
                    cursor.next();
                    continue;
                }
                final byte[] common = Arrays.copyOf(key, rolled + separator.length);
                prefixes.add(Key.of(common));
                final byte[] next = Keys.after(common);
                if (next.length == 0) {
                    break;
                }
                cursor.seek(Keys.versionPrefix(volume, next));
            }
        }
        return new UploadListing(List.copyOf(uploads), List.copyOf(prefixes), truncated);
    }

    private Optional<byte[]> from(
            final byte[] prefix, final byte[] delimiter, final Key keyMarker, final Optional<String> uploadMarker) {
        final byte[] marker = keyMarker.toByteArray();
        final Optional<Long> after = uploadMarker.flatMap(Uploads::number);
        if (after.isPresent() && Arrays.compareUnsigned(marker, prefix) >= 0) {
            return Optional.of(Keys.upload(volume, marker, after.get() + 1));
        }
        return ObjectLister.lowerBound(prefix, delimiter, marker).map(bound -> Keys.versionPrefix(volume, bound));
    }
}
