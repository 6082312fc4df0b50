package io.tarn.s3.checksum;

import java.util.Optional;

/** What a checksum of a multipart object is taken over. */
public enum ChecksumType {
    /** The checksums of the parts, one after the other; written {@code base64-N}. */
    COMPOSITE,
    /** The bytes of the whole object. */
    FULL_OBJECT;

    /** Finds a type by the value of {@code x-amz-checksum-type}. */
    public static Optional<ChecksumType> byName(final String name) {
        return switch (name) {
            case "COMPOSITE" -> Optional.of(COMPOSITE);
            case "FULL_OBJECT" -> Optional.of(FULL_OBJECT);
            default -> Optional.empty();
        };
    }
}
