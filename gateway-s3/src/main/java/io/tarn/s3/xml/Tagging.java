package io.tarn.s3.xml;

import io.tarn.s3.request.ObjectTags;
import java.util.LinkedHashMap;
import java.util.Map;

/** The body of PutObjectTagging and PutBucketTagging. */
public final class Tagging {
    private Tagging() {}

    /** Parses and validates tags. Fails with MalformedXML, or InvalidTag, also for more than {@code maxTags}. */
    public static Map<String, String> parse(final byte[] body, final int maxTags) {
        var tags = new LinkedHashMap<String, String>();
        XmlReader.parse(body, "Tagging", (name, xml) -> {
            if (!name.equals("TagSet")) {
                throw xml.malformed();
            }
            xml.children((child, inner) -> readTag(child, inner, tags));
        });
        ObjectTags.validate(tags, maxTags);
        return tags;
    }

    static void readTag(final String name, final XmlReader xml, final Map<String, String> tags) {
        if (!name.equals("Tag")) {
            throw xml.malformed();
        }
        var fields = new LinkedHashMap<String, String>();
        xml.children((field, inner) -> {
            boolean known = field.equals("Key") || field.equals("Value");
            if (!known || fields.put(field, inner.text()) != null) {
                throw inner.malformed();
            }
        });
        if (fields.size() != 2) {
            throw xml.malformed();
        }
        if (tags.put(fields.get("Key"), fields.get("Value")) != null) {
            throw ObjectTags.duplicateKey(fields.get("Key"));
        }
    }
}
