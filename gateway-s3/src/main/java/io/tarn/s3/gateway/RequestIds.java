package io.tarn.s3.gateway;

import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids by which a request is found again in the log: a number that only goes up, scrambled so that it reads like AWS's, unique
 * within the life of a server and with all likelihood beyond it. Thread-safe; one atomic addition an id.
 */
final class RequestIds {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final long ODD_MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final AtomicLong next = new AtomicLong(UUID.randomUUID().getMostSignificantBits());
    private final String hostId = UUID.randomUUID().toString().replace("-", "");

    /** The next request's id: 16 digits. */
    String next() {
        return HEX.toHexDigits(next.getAndIncrement() * ODD_MULTIPLIER);
    }

    /** The same for all requests of this server: {@code x-amz-id-2}. */
    String hostId() {
        return hostId;
    }
}
