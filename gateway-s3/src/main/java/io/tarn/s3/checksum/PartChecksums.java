package io.tarn.s3.checksum;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** The checksum of a multipart object out of those of its parts, in either of S3's two ways. */
public final class PartChecksums {
    private PartChecksums() {}

    /** A part's checksum and length. */
    public record Part(Checksum checksum, long lengthBytes) {}

    /** The composite checksum as S3 writes it: {@code base64-N}, over the concatenated checksums of the parts. */
    public static String composite(final List<Checksum> parts) {
        ChecksumAlgorithm algorithm = parts.getFirst().algorithm();
        var digest = new PayloadDigest(false, Set.of(algorithm), false);
        for (Checksum part : parts) {
            digest.update(ByteBuffer.wrap(part.toBytes()));
        }
        return digest.finish().checksum(algorithm).orElseThrow().base64() + "-" + parts.size();
    }

    /** The checksum of the whole object; the algorithm must be linear and there must be a part. */
    public static Checksum fullObject(final List<Part> parts) {
        Checksum combined = parts.getFirst().checksum();
        for (Part part : parts.subList(1, parts.size())) {
            combined = CrcCombiner.combine(combined, part.checksum(), part.lengthBytes());
        }
        return combined;
    }
}
