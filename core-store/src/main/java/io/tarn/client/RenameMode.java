package io.tarn.client;

/** What a rename does with an entry that bears the new name (renameat2(2)). */
public enum RenameMode {
    /** A file replaces a file, a directory an empty directory. */
    REPLACE,
    /** Fails with {@code ALREADY_EXISTS}. */
    NO_REPLACE,
    /** Both must exist, and trade places in one commit. */
    EXCHANGE
}
