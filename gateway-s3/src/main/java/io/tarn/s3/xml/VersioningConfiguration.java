package io.tarn.s3.xml;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.Optional;

/**
 * The body of PutBucketVersioning.
 *
 * @param status what versioning is to become
 * @param mfaDelete whether MFA delete is asked for, if it is mentioned
 */
public record VersioningConfiguration(Status status, Optional<Boolean> mfaDelete) {
    /** What a bucket's versioning can be set to. */
    public enum Status {
        /** Every write makes a version. */
        ENABLED,
        /** Writes replace the null version; older versions stay. */
        SUSPENDED
    }

    /** Parses the body. Fails with MalformedXML, or IllegalVersioningConfigurationException when there is no status. */
    public static VersioningConfiguration parse(final byte[] body) {
        var fields = new String[] {"", ""};
        XmlReader.parse(body, "VersioningConfiguration", (name, xml) -> {
            switch (name) {
                case "Status" -> fields[0] = oneOf(xml, "Enabled", "Suspended");
                case "MfaDelete", "MFADelete" -> fields[1] = oneOf(xml, "Enabled", "Disabled");
                default -> throw xml.malformed();
            }
        });
        Status status =
                switch (fields[0]) {
                    case "Enabled" -> Status.ENABLED;
                    case "Suspended" -> Status.SUSPENDED;
                    default ->
                        throw new S3Exception(
                                S3ErrorCode.ILLEGAL_VERSIONING_CONFIGURATION,
                                "The Versioning element must be specified");
                };
        return new VersioningConfiguration(
                status, Optional.of(fields[1]).filter(text -> !text.isEmpty()).map("Enabled"::equals));
    }

    private static String oneOf(final XmlReader xml, final String first, final String second) {
        String text = xml.text().strip();
        if (!text.equals(first) && !text.equals(second)) {
            throw xml.malformed();
        }
        return text;
    }
}
