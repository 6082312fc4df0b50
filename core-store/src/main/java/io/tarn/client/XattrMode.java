package io.tarn.client;

/** What setting an extended attribute expects to find. */
public enum XattrMode {
    ANY,
    /** Fails with {@code ALREADY_EXISTS} where it is set already. */
    CREATE,
    /** Fails with {@code NOT_FOUND} where it is not set. */
    REPLACE
}
