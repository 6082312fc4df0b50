package io.tarn.server.node;

import io.tarn.server.access.ClientFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first access key of the root user.
 *
 * @param accessKey id
 * @param secretKey secret
 * @param generated whether it was made at this start, so that people have to be shown it
 */
record FirstKey(String accessKey, String secretKey, boolean generated) {
    static final String ACCESS_VARIABLE = "TARN_ROOT_ACCESS_KEY";
    static final String SECRET_VARIABLE = "TARN_ROOT_SECRET_KEY";

    private static final int ID_BYTES = 10;
    private static final int SECRET_BYTES = 30;

    /** The one the environment fixes, or the one of earlier starts, or a new one. */
    static FirstKey choose(final Map<String, String> environment, final Path dataDirectory) {
        final Optional<String> access = variable(environment, ACCESS_VARIABLE);
        final Optional<String> secret = variable(environment, SECRET_VARIABLE);
        if (access.isPresent() != secret.isPresent()) {
            throw new StartFailure(ACCESS_VARIABLE + " and " + SECRET_VARIABLE + " have to be set together");
        }
        if (access.isPresent()) {
            return new FirstKey(access.get(), secret.orElseThrow(), false);
        }
        try {
            return ClientFile.read(dataDirectory)
                    .map(file -> new FirstKey(file.accessKey(), file.secretKey(), false))
                    .orElseGet(FirstKey::generate);
        } catch (final IOException e) {
            throw new StartFailure("the client file cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<String> variable(final Map<String, String> environment, final String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static FirstKey generate() {
        final SecureRandom random = new SecureRandom();
        final byte[] id = new byte[ID_BYTES];
        final byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        final String hex = HexFormat.of().formatHex(id).toUpperCase(Locale.ROOT);
        return new FirstKey(
                "TK" + hex.substring(2), Base64.getUrlEncoder().withoutPadding().encodeToString(secret), true);
    }

    @Override
    public String toString() {
        return "FirstKey[" + accessKey + "]";
    }
}
