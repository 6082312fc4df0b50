package io.tarn.bench.s3;

import java.io.IOException;

/** An answer that is well-formed HTTP but not what the request must get: wrong status, length or content. */
public final class UnexpectedAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    UnexpectedAnswerException(final String message) {
        super(message);
    }
}
