package io.tarn.core.namespace;

import io.tarn.client.Versioning;

/** The stored form of a volume's versioning. */
final class VersioningCodes {
    private static final int OFF = 0;
    private static final int ENABLED = 1;
    private static final int SUSPENDED = 2;

    private VersioningCodes() {}

    static boolean isKnown(final int code) {
        return code >= OFF && code <= SUSPENDED;
    }

    static int of(final Versioning versioning) {
        return switch (versioning) {
            case OFF -> OFF;
            case ENABLED -> ENABLED;
            case SUSPENDED -> SUSPENDED;
        };
    }

    static Versioning of(final int code) {
        return switch (code) {
            case OFF -> Versioning.OFF;
            case ENABLED -> Versioning.ENABLED;
            case SUSPENDED -> Versioning.SUSPENDED;
            default -> throw new IllegalStateException("unknown versioning code " + code);
        };
    }
}
