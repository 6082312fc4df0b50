package io.tarn.s3.xml;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.request.Addressing;
import io.tarn.s3.wire.HttpDate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of DeleteObjects.
 *
 * @param objects what to delete, 1 to {@link #MAX_OBJECTS}
 * @param quiet whether only errors are to be answered
 */
public record DeleteRequest(List<ObjectId> objects, boolean quiet) {
    /** Most objects in a request. */
    public static final int MAX_OBJECTS = 1000;

    /** Longest body: 1000 keys of 1024 bytes with every byte escaped, and their frame; as AWS, 2 MiB. */
    public static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    /** One object to delete, with the conditions it is to be deleted under. */
    public record ObjectId(
            String key,
            Optional<String> versionId,
            Optional<String> etag,
            Optional<Instant> lastModified,
            OptionalLong sizeBytes) {}

    /** Parses the body. Fails with MalformedXML, also for no object and for too many. */
    public static DeleteRequest parse(final byte[] body) {
        var objects = new ArrayList<ObjectId>();
        var quiet = new boolean[1];
        XmlReader.parse(body, "Delete", (name, xml) -> {
            switch (name) {
                case "Object" -> {
                    if (objects.size() == MAX_OBJECTS) {
                        throw xml.malformed();
                    }
                    objects.add(readObject(xml));
                }
                case "Quiet" -> quiet[0] = xml.text().strip().equalsIgnoreCase("true");
                default -> throw xml.malformed();
            }
        });
        if (objects.isEmpty()) {
            throw new S3Exception(S3ErrorCode.MALFORMED_XML);
        }
        return new DeleteRequest(List.copyOf(objects), quiet[0]);
    }

    private static ObjectId readObject(final XmlReader xml) {
        var fields = new LinkedHashMap<String, String>();
        xml.children((field, inner) -> {
            switch (field) {
                case "Key", "VersionId", "ETag", "LastModifiedTime", "Size" -> {
                    if (fields.put(field, inner.text()) != null) {
                        throw inner.malformed();
                    }
                }
                default -> throw inner.malformed();
            }
        });
        String key = fields.getOrDefault("Key", "");
        if (key.isEmpty()) {
            throw xml.malformed();
        }
        Addressing.checkLength(key);
        return new ObjectId(
                key,
                Optional.ofNullable(fields.get("VersionId")).filter(text -> !text.isEmpty()),
                Optional.ofNullable(fields.get("ETag")).map(DeleteRequest::bareEtag),
                Optional.ofNullable(fields.get("LastModifiedTime"))
                        .map(text -> HttpDate.parse(text).orElseThrow(xml::malformed)),
                fields.containsKey("Size") ? OptionalLong.of(size(fields.get("Size"), xml)) : OptionalLong.empty());
    }

    private static long size(final String text, final XmlReader xml) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException notANumber) {
            throw xml.malformed();
        }
    }

    static String bareEtag(final String etag) {
        String bare = etag.strip();
        boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
        return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }
}
