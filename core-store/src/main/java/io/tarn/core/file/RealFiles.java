package io.tarn.core.file;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The disk of a Linux machine. Thread-safe and stateless; see {@link RealFile} for what an operation costs. */
public final class RealFiles implements FileLayer {
    /** Files hold users' bytes: nobody but the server's own user may read them. */
    private static final int OWNER_ONLY = 0600;

    @Override
    public StoredFile create(final Path path) {
        return opened(path, SystemCalls.O_CREAT | SystemCalls.O_EXCL, OWNER_ONLY);
    }

    @Override
    public StoredFile open(final Path path) {
        return opened(path, 0, 0);
    }

    private static StoredFile opened(final Path path, final int flags, final int mode) {
        final String name = path.toString();
        return new RealFile(name, SystemCalls.open(name, SystemCalls.O_RDWR | SystemCalls.O_CLOEXEC | flags, mode));
    }

    @Override
    public void createDirectory(final Path path) {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectory(path);
            }
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(path)) {
                throw failure("mkdir", path, raced);
            }
        } catch (IOException e) {
            throw failure("mkdir", path, e);
        }
    }

    @Override
    public List<String> list(final Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure("list", directory, e);
        }
    }

    @Override
    public void delete(final Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw failure("unlink", path, e);
        }
    }

    @Override
    public void rename(final Path from, final Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure("rename", from, e);
        }
    }

    @Override
    public void forceDirectory(final Path directory) {
        final String name = directory.toString();
        final int descriptor = SystemCalls.open(name, SystemCalls.O_RDONLY | SystemCalls.O_CLOEXEC, 0);
        try {
            SystemCalls.forceAll(descriptor, name);
        } finally {
            SystemCalls.close(descriptor, name);
        }
    }

    /** {@inheritDoc} Answers 0, which stops writing, when the file system does not say. */
    @Override
    public long usableBytes(final Path directory) {
        return directory.toFile().getUsableSpace();
    }

    private static StorageException failure(final String call, final Path path, final IOException cause) {
        final Failure failure;
        if (cause instanceof NoSuchFileException) {
            failure = Failure.NOT_FOUND;
        } else if (cause instanceof FileAlreadyExistsException) {
            failure = Failure.ALREADY_EXISTS;
        } else if (cause instanceof FileSystemException refused && full(refused)) {
            failure = Failure.OUT_OF_SPACE;
        } else {
            failure = Failure.IO_ERROR;
        }
        return new StorageException(failure, call + " of " + path + " failed: " + cause.getMessage(), cause);
    }

    /** The JDK keeps only the text of an error number. */
    private static boolean full(final FileSystemException e) {
        final String reason = e.getReason();
        return reason != null && (reason.contains("No space left") || reason.contains("quota exceeded"));
    }
}
