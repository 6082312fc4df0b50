package io.tarn.s3.request;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.QueryParameters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tags of objects and buckets, and their limits.
 *
 * <p>Source: Amazon S3 User Guide, "Categorizing your storage using tags"; API Reference, PutObjectTagging.
 */
public final class ObjectTags {
    /** Most tags on an object. */
    public static final int MAX_OBJECT_TAGS = 10;

    /** Most tags on a bucket. */
    public static final int MAX_BUCKET_TAGS = 50;

    /** Longest key, in characters. */
    public static final int MAX_KEY_LENGTH = 128;

    /** Longest value, in characters. */
    public static final int MAX_VALUE_LENGTH = 256;

    private ObjectTags() {}

    /**
     * Parses {@code x-amz-tagging}, which is coded like a query.
     *
     * @throws S3Exception InvalidArgument when it cannot be decoded, InvalidTag also for a key named twice and for too many
     */
    public static Map<String, String> parseHeader(final String header) {
        var tags = new LinkedHashMap<String, String>();
        try {
            for (QueryParameters.Parameter parameter :
                    QueryParameters.parse(header).all()) {
                if (tags.put(parameter.name(), parameter.value()) != null) {
                    throw duplicateKey(parameter.name());
                }
            }
        } catch (S3Exception e) {
            if (e.code() == S3ErrorCode.INVALID_URI) {
                throw S3Exception.invalidArgument(
                        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
                                + "without tag name duplicates.",
                        "x-amz-tagging",
                        header);
            }
            throw e;
        }
        validate(tags, MAX_OBJECT_TAGS);
        return tags;
    }

    /** The error for a key given twice. */
    public static S3Exception duplicateKey(final String key) {
        return new S3Exception(S3ErrorCode.INVALID_TAG, "Cannot provide multiple Tags with the same key")
                .with("TagKey", key);
    }

    /**
     * Checks number, lengths and characters of tags.
     *
     * @throws S3Exception InvalidTag for more than {@code maxTags}, a bad key or value
     */
    public static void validate(final Map<String, String> tags, final int maxTags) {
        if (tags.size() > maxTags) {
            String subject = maxTags == MAX_OBJECT_TAGS ? "Object" : "Bucket";
            throw new S3Exception(S3ErrorCode.INVALID_TAG, subject + " tags cannot be greater than " + maxTags);
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            String key = tag.getKey();
            if (key.isEmpty() || length(key) > MAX_KEY_LENGTH || !isAllowed(key)) {
                throw new S3Exception(S3ErrorCode.INVALID_TAG, "The TagKey you have provided is invalid")
                        .with("TagKey", key);
            }
            if (key.startsWith("aws:")) {
                throw new S3Exception(S3ErrorCode.INVALID_TAG, "System tags cannot be added/updated by requester")
                        .with("TagKey", key);
            }
            if (length(tag.getValue()) > MAX_VALUE_LENGTH || !isAllowed(tag.getValue())) {
                throw new S3Exception(S3ErrorCode.INVALID_TAG, "The TagValue you have provided is invalid")
                        .with("TagKey", key)
                        .with("TagValue", tag.getValue());
            }
        }
    }

    private static int length(final String text) {
        return text.codePointCount(0, text.length());
    }

    /** Letters, digits, blanks and {@code _ . : / = + - @}, in any script. */
    private static boolean isAllowed(final String text) {
        return text.codePoints()
                .allMatch(c -> Character.isLetterOrDigit(c)
                        || Character.isSpaceChar(c)
                        || "_.:/=+-@".indexOf(c) >= 0
                        || Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK);
    }
}
