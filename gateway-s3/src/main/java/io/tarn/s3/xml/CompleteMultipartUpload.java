package io.tarn.s3.xml;

import io.tarn.s3.checksum.Checksum;
import io.tarn.s3.checksum.ChecksumAlgorithm;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The body of CompleteMultipartUpload.
 *
 * @param parts the parts in ascending order, 1 to {@link #MAX_PARTS}
 */
public record CompleteMultipartUpload(List<Part> parts) {
    /** Most parts of an upload, and the highest part number. */
    public static final int MAX_PARTS = 10_000;

    /** Longest body: 10,000 parts with their checksums. */
    public static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    /** One part as the client knows it: its number, ETag without quotes, and checksums. */
    public record Part(int number, String etag, Map<ChecksumAlgorithm, Checksum> checksums) {}

    /** Parses the body. Fails with MalformedXML, InvalidPartOrder, or InvalidPart for a checksum that is none. */
    public static CompleteMultipartUpload parse(final byte[] body) {
        var parts = new ArrayList<Part>();
        XmlReader.parse(body, "CompleteMultipartUpload", (name, xml) -> {
            if (!name.equals("Part") || parts.size() == MAX_PARTS) {
                throw xml.malformed();
            }
            parts.add(new Fields().read(xml));
        });
        if (parts.isEmpty()) {
            throw new S3Exception(S3ErrorCode.MALFORMED_XML);
        }
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i).number() < parts.get(i - 1).number()) {
                throw new S3Exception(S3ErrorCode.INVALID_PART_ORDER);
            }
        }
        return new CompleteMultipartUpload(List.copyOf(parts));
    }

    /** What has been read of one part. */
    private static final class Fields {
        private final Map<ChecksumAlgorithm, Checksum> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        private long number;
        private String etag = "";

        Part read(final XmlReader xml) {
            xml.children(this::field);
            if (etag.isEmpty() || number == 0) {
                throw xml.malformed();
            }
            if (number < 1 || number > MAX_PARTS) {
                throw S3Exception.invalidArgument(
                        "Part number must be an integer between 1 and " + MAX_PARTS + ", inclusive",
                        "partNumber",
                        String.valueOf(number));
            }
            return new Part((int) number, etag, checksums.isEmpty() ? Map.of() : checksums);
        }

        private void field(final String name, final XmlReader xml) {
            switch (name) {
                case "PartNumber" -> number = xml.number();
                case "ETag" -> etag = DeleteRequest.bareEtag(xml.text());
                default -> checksum(name, xml);
            }
        }

        private void checksum(final String name, final XmlReader xml) {
            String prefix = "Checksum";
            ChecksumAlgorithm algorithm = name.startsWith(prefix)
                    ? ChecksumAlgorithm.byName(name.substring(prefix.length())).orElseThrow(xml::malformed)
                    : unknown(xml);
            Checksum checksum = Checksum.parse(algorithm, xml.text().strip())
                    .orElseThrow(() -> new S3Exception(S3ErrorCode.INVALID_PART));
            checksums.put(algorithm, checksum);
        }

        private static ChecksumAlgorithm unknown(final XmlReader xml) {
            throw xml.malformed();
        }
    }
}
