package io.tarn.server.sign;

import io.tarn.client.Credential;
import io.tarn.client.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks {@link AdminSignature}s. Says the same of an unknown key as of a wrong signature. Thread-safe. */
public final class SignatureVerifier {
    /** How far the client's clock may be off; a signature cannot be used again after it. */
    public static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private static final Pattern HEADER = Pattern.compile(AdminSignature.ALGORITHM
            + " +Credential=([^/, ]{1,128})/([0-9]{8})/([^/, ]{1,64})/tarn/aws4_request, *"
            + "SignedHeaders=([a-z0-9;-]{1,512}), *Signature=([0-9a-f]{64})");

    private final Function<String, Optional<Credential>> credentials;
    private final InstantSource clock;

    public SignatureVerifier(final Function<String, Optional<Credential>> credentials, final InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** On whose behalf the request is made; empty when it is not signed, not signed well, or not signed lately. */
    public Optional<Principal> verify(final AdminSignature.Request request) {
        final Matcher header = HEADER.matcher(request.header().apply("authorization"));
        final String timestamp = request.header().apply("x-amz-date");
        if (!header.matches() || !timestamp.startsWith(header.group(2)) || !recent(timestamp)) {
            return Optional.empty();
        }
        final List<String> signed = Arrays.asList(header.group(4).split(";", -1));
        if (!signed.contains("host") || !signed.contains("x-amz-date")) {
            return Optional.empty();
        }
        // an unknown key takes the same way, so that time does not tell which keys exist
        final Optional<Credential> credential = credentials.apply(header.group(1));
        final String expected = AdminSignature.signature(
                request,
                header.group(4),
                timestamp,
                header.group(3),
                AdminSignature.SERVICE,
                credential.map(Credential::secret).orElse("unknown"));
        final boolean same = MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), header.group(5).getBytes(StandardCharsets.US_ASCII));
        return same ? credential.map(Credential::principal) : Optional.empty();
    }

    private boolean recent(final String timestamp) {
        try {
            final Instant signedAt = AdminSignature.TIMESTAMP.parse(timestamp, Instant::from);
            return Duration.between(signedAt, clock.instant()).abs().compareTo(MAX_SKEW) <= 0;
        } catch (final DateTimeException e) {
            return false;
        }
    }
}
