package io.tarn.s3.auth;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.Hex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks the chain of chunk signatures of one body: each signs the one before it, the first that of the request's head.
 *
 * <p>Cost: one SHA-256 over the payload, one HMAC of some 250 bytes per chunk. Not thread-safe; one body's.
 *
 * <p>Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 * Chunks", and its page on trailing headers.
 */
public final class ChunkSigner {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SecretKeySpec signingKey;
    private final String dateAndScope;
    private final MessageDigest content;
    private String previous;

    ChunkSigner(final SecretKeySpec signingKey, final String dateAndScope, final String seedSignature) {
        this.signingKey = signingKey;
        this.dateAndScope = dateAndScope;
        this.previous = seedSignature;
        try {
            content = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes in payload of the current chunk; reads the buffer to its limit. */
    public void update(final ByteBuffer payload) {
        content.update(payload);
    }

    /** Ends the chunk and checks its signature. Fails with SignatureDoesNotMatch. */
    public void endChunk(final String signature) {
        check("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256 + "\n", signature);
    }

    /** Checks the trailer's signature, over lines {@code name:value\n}. Fails with SignatureDoesNotMatch. */
    public void endTrailer(final String canonicalTrailer, final String signature) {
        content.update(canonicalTrailer.getBytes(StandardCharsets.UTF_8));
        check("AWS4-HMAC-SHA256-TRAILER", "", signature);
    }

    private void check(final String algorithm, final String middle, final String signature) {
        SigningScratch scratch = SigningScratch.borrow();
        try {
            scratch.put(algorithm);
            scratch.put('\n');
            scratch.put(dateAndScope);
            scratch.put('\n');
            scratch.put(previous);
            scratch.put('\n');
            scratch.put(middle);
            scratch.putHex(content.digest());
            byte[] expected = scratch.hmac(signingKey, 0);
            if (!MessageDigest.isEqual(expected, Hex.decode(signature, expected.length))) {
                throw new S3Exception(S3ErrorCode.SIGNATURE_DOES_NOT_MATCH);
            }
            previous = signature;
        } finally {
            scratch.release();
        }
    }
}
