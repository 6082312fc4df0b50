package io.tarn.s3.xml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The body of CreateBucket; there may be none.
 *
 * @param locationConstraint the region, if one is named
 * @param tags tags for the new bucket
 */
public record CreateBucketConfiguration(Optional<String> locationConstraint, Map<String, String> tags) {
    /** Parses the body; an empty one is a configuration that says nothing. */
    public static CreateBucketConfiguration parse(final byte[] body) {
        if (body.length == 0) {
            return new CreateBucketConfiguration(Optional.empty(), Map.of());
        }
        var location = new String[] {""};
        var tags = new LinkedHashMap<String, String>();
        XmlReader.parse(body, "CreateBucketConfiguration", (name, xml) -> {
            switch (name) {
                case "LocationConstraint" -> location[0] = xml.text().strip();
                case "Tags" -> xml.children((child, inner) -> Tagging.readTag(child, inner, tags));
                case "Location", "Bucket" -> xml.children((child, inner) -> inner.text());
                default -> throw xml.malformed();
            }
        });
        return new CreateBucketConfiguration(Optional.of(location[0]).filter(text -> !text.isEmpty()), tags);
    }
}
