package io.tarn.core.file;

import java.nio.file.Path;
import java.util.List;

/**
 * The disk as the core uses it. Nothing here is durable until it is forced: a file's bytes and size by
 * {@link StoredFile#force()}, and the names in a directory (creation, deletion, rename) by {@link #forceDirectory}. After a
 * crash each change that was not forced may be there wholly, in part (any subset of 512-byte sectors) or not at all, in any
 * combination.
 *
 * <p>Implementations are thread-safe. Every call blocks and fails with {@link io.tarn.core.StorageException}:
 * {@link io.tarn.core.Failure#OUT_OF_SPACE} when the device or its quota is full,
 * {@link io.tarn.core.Failure#NOT_FOUND} and {@link io.tarn.core.Failure#ALREADY_EXISTS} for names,
 * {@link io.tarn.core.Failure#IO_ERROR} for anything else the device says.
 */
public interface FileLayer {
    /** Creates an empty file and opens it; fails when the name exists. */
    StoredFile create(Path path);

    /** Opens an existing file for reading and writing. */
    StoredFile open(Path path);

    /** Creates a directory whose parent exists; does nothing when it is there already. */
    void createDirectory(Path path);

    /** Names in a directory, sorted. */
    List<String> list(Path directory);

    /** Removes a file's name. Handles that are open keep working on the nameless file. */
    void delete(Path path);

    /** Renames within one file system, atomically replacing what {@code to} named before. */
    void rename(Path from, Path to);

    /** Makes the names in {@code directory} as they are now survive a crash. */
    void forceDirectory(Path directory);

    /** Bytes that this process may still write to the file system that holds {@code directory}. */
    long usableBytes(Path directory);
}
