package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import java.util.Optional;

/**
 * The Authorization header of signature version 4, with or without blanks around its commas, its parts in any order.
 *
 * @param credential the parsed scope
 * @param signedHeaders names separated by {@code ;}
 * @param signature hexadecimal, not yet checked
 */
record AuthorizationHeader(Credential credential, String signedHeaders, String signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** Parses the header. Fails with AuthorizationHeaderMalformed. */
    static AuthorizationHeader parse(final String header) {
        Optional<String> credential = Optional.empty();
        Optional<String> signedHeaders = Optional.empty();
        Optional<String> signature = Optional.empty();
        int start = ALGORITHM.length();
        while (start < header.length()) {
            int end = header.indexOf(',', start);
            end = end < 0 ? header.length() : end;
            String part = header.substring(start, end).strip();
            int equals = part.indexOf('=');
            if (equals > 0) {
                String value = part.substring(equals + 1).strip();
                switch (part.substring(0, equals).strip()) {
                    case "Credential" -> credential = Optional.of(value);
                    case "SignedHeaders" -> signedHeaders = Optional.of(value);
                    case "Signature" -> signature = Optional.of(value);
                    default -> throw malformed("unknown part of the header.");
                }
            } else if (!part.isEmpty()) {
                throw malformed("a part of the header has no value.");
            }
            start = end + 1;
        }
        return new AuthorizationHeader(
                Credential.parse(present(credential, "Credential"), AuthorizationHeader::malformed),
                present(signedHeaders, "SignedHeaders"),
                present(signature, "Signature"));
    }

    private static String present(final Optional<String> part, final String name) {
        return part.filter(value -> !value.isEmpty())
                .orElseThrow(() -> malformed("the authorization header requires " + name + "."));
    }

    static S3Exception malformed(final String detail) {
        return new S3Exception(
                S3ErrorCode.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + detail);
    }
}
