package io.tarn.bench.s3;

/**
 * An access key.
 *
 * @param accessKey public half
 * @param secretKey secret half, kept out of {@link #toString}
 * @param region region named in signatures
 */
public record Credentials(String accessKey, String secretKey, String region) {
    /** Refuses empty parts, which would give signatures that no server accepts. */
    public Credentials {
        if (accessKey.isEmpty() || secretKey.isEmpty() || region.isEmpty()) {
            throw new IllegalArgumentException("access key, secret key and region must not be empty");
        }
    }

    @Override
    public String toString() {
        return "Credentials[" + accessKey + ", " + region + "]";
    }
}
