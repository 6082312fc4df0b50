package io.tarn.core;

/**
 * Everything that can go wrong with a storage operation and that a caller is expected to handle. Each gateway maps these
 * once, in one exhaustive {@code switch}, to the codes of its protocol.
 */
public enum Failure {
    /** The named volume, entry, version, upload, part, attribute or handle does not exist. */
    NOT_FOUND,
    /** Something of that name exists already. */
    ALREADY_EXISTS,
    /** A path component that has to be a directory is not one. */
    NOT_A_DIRECTORY,
    /** The operation is not possible on a directory. */
    IS_A_DIRECTORY,
    /** The directory or volume still has entries. */
    NOT_EMPTY,
    /** The principal may not do this. */
    PERMISSION_DENIED,
    /** A precondition sent with the operation does not hold (S3 conditional headers, compare-and-set). */
    PRECONDITION_FAILED,
    /** The state changed under the operation, or it contradicts the state; it may be tried again from a fresh look. */
    CONFLICT,
    /** A value is outside what the operation accepts. */
    INVALID_ARGUMENT,
    /** A name, path, attribute or count is longer or larger than can be stored. */
    TOO_LARGE,
    /** The quota of the volume or its tenant would be exceeded. */
    QUOTA_EXCEEDED,
    /** No node has room for the bytes, or the node keeps its last space for its log. */
    OUT_OF_SPACE,
    /** The lock or lease is held by somebody else. */
    LOCKED,
    /** The session expired or was never opened: what it held is gone. */
    STALE_SESSION,
    /** The operation crosses two volumes that cannot be joined. */
    CROSS_VOLUME,
    /** Too many symbolic links, or a directory would become its own ancestor. */
    LOOP,
    /** No leader, queue full, shutting down: nothing is known to have happened, try again. */
    UNAVAILABLE,
    /** The outcome is unknown because no reply came in time; a retry with the same sequence is safe. */
    TIMEOUT,
    /** Stored bytes do not match their checksum on any replica. */
    CORRUPT,
    /** The device failed. */
    IO_ERROR,
    /** The operation exists in the protocol and is not offered. */
    UNSUPPORTED
}
