package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore.Part;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadChecksum;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.UploadRecord;
import java.util.Optional;

/** Translates upload records; an upload's id is its number as 16 hexadecimal digits. */
final class Uploads {
    private static final int DIGITS = 16;
    private static final int RADIX = 16;

    private Uploads() {}

    static String id(final long number) {
        return "%016x".formatted(number);
    }

    /** Empty for text that is no id of ours. */
    static Optional<Long> number(final String id) {
        if (id.length() != DIGITS) {
            return Optional.empty();
        }
        for (int at = 0; at < DIGITS; at++) {
            if (Character.digit(id.charAt(at), RADIX) < 0 || Character.isUpperCase(id.charAt(at))) {
                return Optional.empty();
            }
        }
        return Optional.of(Long.parseUnsignedLong(id, RADIX));
    }

    static Upload of(final long volume, final String id, final UploadRecord record) {
        return new Upload(
                volume,
                Key.of(record.getKey().toByteArray()),
                id,
                record.getOwner(),
                record.getInitiatedNanos(),
                ObjectInfos.meta(record.getObject()),
                record.getChecksumAlgorithm().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new UploadChecksum(record.getChecksumAlgorithm(), record.getChecksumComposite())));
    }

    static Part part(final int number, final PartRecord record) {
        return new Part(
                number,
                record.getSize(),
                record.getEtag(),
                record.getModifiedNanos(),
                record.getChecksum().isEmpty() ? Optional.empty() : Optional.of(record.getChecksum()));
    }
}
