package io.tarn.s3.xml;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;

/**
 * The body of PutBucketOwnershipControls.
 *
 * @param objectOwnership text of its one rule
 */
public record OwnershipControls(String objectOwnership) {
    /** Parses the body. Fails with MalformedXML, also for any other number of rules than one. */
    public static OwnershipControls parse(final byte[] body) {
        final var found = new String[] {""};
        XmlReader.parse(body, "OwnershipControls", (name, xml) -> {
            if (!name.equals("Rule") || !found[0].isEmpty()) {
                throw xml.malformed();
            }
            xml.children((field, inner) -> {
                if (!field.equals("ObjectOwnership") || !found[0].isEmpty()) {
                    throw inner.malformed();
                }
                found[0] = inner.text().strip();
            });
        });
        if (found[0].isEmpty()) {
            throw new S3Exception(S3ErrorCode.MALFORMED_XML);
        }
        return new OwnershipControls(found[0]);
    }
}
