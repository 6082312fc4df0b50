package io.tarn.bench.http;

import java.io.IOException;

/** The peer sent something that is not HTTP/1.1 as RFC 9112 has it, or that exceeds a limit of this client. */
public final class HttpProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    HttpProtocolException(final String message) {
        super(message);
    }
}
