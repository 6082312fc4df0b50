package io.tarn.core.protocol;

import io.grpc.Metadata;

/** The header that says whose a call is. It is the same for all calls of a while, so that HPACK sends it as one byte. */
public final class TokenHeader {
    public static final Metadata.Key<String> KEY = Metadata.Key.of("tarn-token", Metadata.ASCII_STRING_MARSHALLER);

    private TokenHeader() {}

    public static Metadata of(final String token) {
        final Metadata headers = new Metadata();
        headers.put(KEY, token);
        return headers;
    }
}
