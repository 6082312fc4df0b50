package io.tarn.s3.auth;

import java.util.Optional;

/** Who sent a request, as far as its signature says; a bad signature is an {@code S3Exception} instead. */
public sealed interface Authentication {
    /** How the request's body is sent. */
    PayloadMode payload();

    /** The request carries no signature. */
    record Anonymous(PayloadMode payload) implements Authentication {}

    /**
     * The signature is that of this access key.
     *
     * @param accessKey the key, as found by the {@link SecretLookup}
     * @param payload how the body is sent
     * @param chunkSigner checks the signatures of chunks; present exactly if the payload is chunked and signed. It holds the
     *     running state of one body
     * @param presigned whether the signature came in the query
     */
    record Signed(String accessKey, PayloadMode payload, Optional<ChunkSigner> chunkSigner, boolean presigned)
            implements Authentication {}
}
