package io.tarn.server.sign;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.AccessKey;
import io.tarn.client.Credential;
import io.tarn.client.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignatureVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Principal USER = new Principal("t", "u", 1, 1, List.of(), false);
    private static final Credential CREDENTIAL =
            new Credential(new AccessKey("AKID", "t", "u", true, 0), "secret", USER);

    private final SignatureVerifier verifier = new SignatureVerifier(
            id -> id.equals("AKID") ? Optional.of(CREDENTIAL) : Optional.empty(), InstantSource.fixed(NOW));

    @Test
    void acceptsWhatWasSignedWithTheSecret() {
        assertThat(verifier.verify(signed(NOW, "AKID", "secret"))).contains(USER);
    }

    @Test
    void refusesOtherSecretsAndUnknownKeys() {
        assertThat(verifier.verify(signed(NOW, "AKID", "Secret"))).isEmpty();
        assertThat(verifier.verify(signed(NOW, "OTHER", "secret"))).isEmpty();
        assertThat(verifier.verify(signed(NOW, "OTHER", "unknown"))).isEmpty();
    }

    @Test
    void refusesAnyChangeOfWhatWasSigned() {
        final AdminSignature.Request good = signed(NOW, "AKID", "secret");
        final byte[] body = "other".getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.verify(request("GET", "/p", "a=1", good, good.body())))
                .isEmpty();
        assertThat(verifier.verify(request("POST", "/q", "a=1", good, good.body())))
                .isEmpty();
        assertThat(verifier.verify(request("POST", "/p", "a=2", good, good.body())))
                .isEmpty();
        assertThat(verifier.verify(request("POST", "/p", "a=1", good, body))).isEmpty();
        assertThat(verifier.verify(request("POST", "/p", "a=1", good, good.body())))
                .contains(USER);
    }

    @Test
    void refusesOldSignatures() {
        final Duration over = SignatureVerifier.MAX_SKEW.plusSeconds(1);
        assertThat(verifier.verify(signed(NOW.minus(over), "AKID", "secret"))).isEmpty();
        assertThat(verifier.verify(signed(NOW.plus(over), "AKID", "secret"))).isEmpty();
        assertThat(verifier.verify(signed(NOW.minus(SignatureVerifier.MAX_SKEW), "AKID", "secret")))
                .contains(USER);
    }

    @Test
    void refusesHeadersThatAreNoSignature() {
        for (final String header :
                List.of("", "Basic abc", "AWS4-HMAC-SHA256 Credential=AKID", "AWS4-HMAC-SHA256 ".repeat(500))) {
            final var headers =
                    Map.of("authorization", header, "host", "h", "x-amz-date", AdminSignature.timestamp(NOW));
            assertThat(verifier.verify(new AdminSignature.Request(
                            "GET", "/", "", name -> headers.getOrDefault(name, ""), new byte[0])))
                    .isEmpty();
        }
    }

    private static AdminSignature.Request signed(final Instant time, final String id, final String secret) {
        final Map<String, String> headers = new HashMap<>();
        headers.put("host", "localhost:9001");
        headers.put("x-amz-date", AdminSignature.timestamp(time));
        final var request = new AdminSignature.Request(
                "POST", "/p", "a=1", name -> headers.getOrDefault(name, ""), "body".getBytes(StandardCharsets.UTF_8));
        headers.put("authorization", AdminSignature.authorize(request, id, secret));
        return request;
    }

    private static AdminSignature.Request request(
            final String method,
            final String path,
            final String query,
            final AdminSignature.Request signed,
            final byte[] body) {
        return new AdminSignature.Request(method, path, query, signed.header(), body);
    }
}
