package io.tarn.s3.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derived signing keys by access key, date and region. Two generations of at most {@link #GENERATION_SIZE} keys: when the young
 * one is full it becomes the old one, and the old is dropped, so that memory is bounded and what is in use stays.
 *
 * <p>An entry holds the secret it was derived from: a changed secret is derived anew. Thread-safe; a race costs one derivation.
 */
final class SigningKeys {
    static final int GENERATION_SIZE = 2048;

    private volatile Map<Scope, Derived> young = new ConcurrentHashMap<>();
    private volatile Map<Scope, Derived> old = Map.of();

    private record Scope(String accessKey, String date, String region) {}

    private record Derived(Secret secret, SecretKeySpec key) {}

    SecretKeySpec get(final String accessKey, final Secret secret, final String date, final String region) {
        var scope = new Scope(accessKey, date, region);
        Derived known = young.get(scope);
        if (known == null) {
            known = old.get(scope);
            if (known != null && known.secret().sameAs(secret)) {
                remember(scope, known);
            }
        }
        if (known == null || !known.secret().sameAs(secret)) {
            known = new Derived(secret, derive(secret, date, region));
            remember(scope, known);
        }
        return known.key();
    }

    private void remember(final Scope scope, final Derived derived) {
        Map<Scope, Derived> generation = young;
        if (generation.size() >= GENERATION_SIZE) {
            synchronized (this) {
                if (young.size() >= GENERATION_SIZE) {
                    old = young;
                    young = new ConcurrentHashMap<>();
                }
                generation = young;
            }
        }
        generation.put(scope, derived);
    }

    private static SecretKeySpec derive(final Secret secret, final String date, final String region) {
        try {
            byte[] prefix = {'A', 'W', 'S', '4'};
            var key = new byte[prefix.length + secret.key().length];
            System.arraycopy(prefix, 0, key, 0, prefix.length);
            System.arraycopy(secret.key(), 0, key, prefix.length, secret.key().length);
            Mac mac = Mac.getInstance("HmacSHA256");
            for (String step : new String[] {date, region, "s3", "aws4_request"}) {
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(step.getBytes(StandardCharsets.UTF_8));
            }
            return new SecretKeySpec(key, "HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
