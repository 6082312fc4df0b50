package io.tarn.bench.mount;

/** What can be chosen to be measured. */
public enum Group {
    /** Small files: made and written, looked at, removed. */
    SMALL,
    /** What must be durable: small files, and pieces of a large one. */
    SYNC,
    /** Small files opened and read. */
    READ,
    /** A large file in sequence and at random. */
    LARGE,
    /** A directory listed with attributes. */
    LIST,
    /** Transactions of a database. */
    SQLITE,
    /** A repository cloned and looked over. */
    GIT,
    /** A tree unpacked and removed. */
    TREE
}
