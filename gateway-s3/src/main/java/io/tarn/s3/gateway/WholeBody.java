package io.tarn.s3.gateway;

import io.tarn.s3.call.RequestBody;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A small body, all of it here already. */
final class WholeBody implements RequestBody {
    static final byte[] NO_BYTES = {};

    private final byte[] bytes;
    private boolean taken;

    WholeBody(final byte[] bytes) {
        this.bytes = bytes;
        this.taken = bytes.length == 0;
    }

    @Override
    public Optional<ByteBuffer> next() {
        if (taken) {
            return Optional.empty();
        }
        taken = true;
        return Optional.of(ByteBuffer.wrap(bytes));
    }
}
