package io.tarn.posix.jnr;

import java.time.Duration;

/**
 * How a mount is served through libfuse. It cannot be told what to forget, so what others change is seen as late as these times say; with {@link #DEFAULT} the
 * kernel remembers nothing, and asks the file system, which is told.
 *
 * @param attributeTimeout how long the kernel may take attributes to be what they were
 * @param entryTimeout how long the kernel may take names to lead where they led
 */
public record JnrOptions(Duration attributeTimeout, Duration entryTimeout) {
    private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

    public static final JnrOptions DEFAULT = new JnrOptions(Duration.ZERO, Duration.ZERO);

    public JnrOptions {
        if (attributeTimeout.isNegative()
                || attributeTimeout.compareTo(TIMEOUT_MAX) > 0
                || entryTimeout.isNegative()
                || entryTimeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "timeouts are 0 to a day, not " + attributeTimeout + " and " + entryTimeout);
        }
    }
}
