package io.tarn.posix.fuse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was agreed with the kernel, and all that a successor has to know to serve the same mount: the kernel says INIT only once.
 *
 * @param minor of protocol version 7
 * @param flags of INIT that both sides have, the second word above the first
 * @param transferBytes most bytes of a READ or WRITE
 */
public record SessionParameters(int minor, long flags, int transferBytes) {
    private static final Pattern TEXT =
            Pattern.compile("fuse 7\\.(\\d{1,5}) flags ([0-9a-f]{1,16}) transfer (\\d{1,9})");

    /** One line, to be handed to a successor of the same or a later version. */
    public String toText() {
        return "fuse 7." + minor + " flags " + Long.toHexString(flags) + " transfer " + transferBytes;
    }

    /**
     * Reads what {@link #toText} wrote.
     *
     * @throws IllegalArgumentException when it is not that, or more than this process can serve
     */
    public static SessionParameters parse(final String text) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the parameters of a session: " + text);
        }
        final var parameters = new SessionParameters(
                Integer.parseInt(matcher.group(1)),
                Long.parseUnsignedLong(matcher.group(2), 16),
                Integer.parseInt(matcher.group(3)));
        if (parameters.minor < Negotiation.LOWEST_MINOR || parameters.transferBytes > RequestBuffer.TRANSFER_BYTES) {
            throw new IllegalArgumentException("cannot be served: " + text);
        }
        return parameters;
    }

    /** Whether requests that were handed out and not answered can be asked for again (kernel 6.9). */
    public boolean canResend() {
        return (flags & InitFlags.HAS_RESEND) != 0;
    }
}
