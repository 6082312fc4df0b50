package io.tarn.s3.object;

import io.tarn.client.Checksum;

/** The front end's checksums as the store keeps them. */
public final class Checksums {
    private Checksums() {}

    /** A checksum over all the bytes of what it is kept with. */
    public static Checksum fullObject(final io.tarn.s3.checksum.Checksum checksum) {
        return new Checksum(checksum.algorithm().name(), checksum.base64(), false);
    }
}
