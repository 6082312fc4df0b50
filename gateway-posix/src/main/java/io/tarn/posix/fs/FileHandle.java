package io.tarn.posix.fs;

/** A descriptor. Thread-safe. */
final class FileHandle {
    private final long number;
    private final OpenInode inode;
    private final WriteErrors.Reader errors;
    private final ReadPattern pattern = new ReadPattern();

    FileHandle(final long number, final OpenInode inode) {
        this.number = number;
        this.inode = inode;
        this.errors = inode.errors().reader();
    }

    long number() {
        return number;
    }

    OpenInode inode() {
        return inode;
    }

    /** How it has been read so far. */
    ReadPattern pattern() {
        return pattern;
    }

    boolean writes() {
        return HandleNumbers.writes(number);
    }

    boolean appends() {
        return HandleNumbers.appends(number);
    }

    /** Commits what is written, and throws what this descriptor was not told of yet. */
    void commit() {
        inode.commit();
        errors.report();
    }

    /** Throws what went wrong with written bytes, once. */
    void reportErrors() {
        errors.report();
    }
}
