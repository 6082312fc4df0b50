package io.tarn.client;

/**
 * Bytes that are durable (or ride in the commit itself) and that no name refers to yet; made by {@link ContentWriter#finish} or
 * {@link ObjectStore#cloneOf}, consumed by the commit that names them. Opaque to gateways.
 */
public interface Content {
    /** Bytes. */
    long length();
}
