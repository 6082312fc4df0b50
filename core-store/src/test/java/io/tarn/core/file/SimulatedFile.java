package io.tarn.core.file;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** A handle of a {@link SimulatedInode}. */
final class SimulatedFile implements StoredFile {
    private final SimulatedFiles disk;
    private final Path path;
    private final SimulatedInode inode;
    private boolean closed;

    SimulatedFile(final SimulatedFiles disk, final Path path, final SimulatedInode inode) {
        this.disk = disk;
        this.path = path;
        this.inode = inode;
    }

    @Override
    public void write(final long offset, final ByteBuffer... sources) {
        final ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(sources).mapToInt(ByteBuffer::remaining).sum());
        Arrays.stream(sources).forEach(all::put);
        final int at = Math.toIntExact(offset);
        locked(() -> {
            final long growth = Math.max(0, offset + all.capacity() - inode.size());
            disk.mutate(
                    path,
                    growth,
                    growth > 0,
                    () -> inode.write(at, all.array()),
                    () -> inode.writeHalf(at, all.array()));
            return true;
        });
    }

    @Override
    public long read(final long offset, final ByteBuffer... destinations) {
        return locked(() -> {
            disk.requirePower();
            long done = 0;
            for (final ByteBuffer destination : destinations) {
                final long at = offset + done;
                final int length = Math.clamp(inode.size() - at, 0, destination.remaining());
                if (length > 0) {
                    destination.put(inode.read((int) at, length));
                }
                done += length;
            }
            return done;
        });
    }

    @Override
    public void force() {
        locked(() -> {
            final Runnable effect = () -> {
                if (disk.forces(path)) {
                    inode.force();
                }
            };
            disk.mutate(path, 0, false, effect, inode::loseUnforced);
            return true;
        });
    }

    @Override
    public void truncate(final long size) {
        locked(() -> {
            final long growth = Math.max(0, size - inode.size());
            disk.mutate(path, growth, growth > 0, () -> inode.truncate(Math.toIntExact(size)), () -> {});
            return true;
        });
    }

    @Override
    public void punchHole(final long offset, final long length) {
        locked(() -> {
            disk.mutate(path, 0, false, () -> inode.punch(Math.toIntExact(offset), Math.toIntExact(length)), () -> {});
            return true;
        });
    }

    @Override
    public void forgetCached(final long offset, final long length) {
        // nothing but memory is concerned, and there is no cache here
    }

    @Override
    public long size() {
        return locked(() -> (long) inode.size());
    }

    @Override
    public void close() {
        disk.lock.lock();
        try {
            closed = true;
        } finally {
            disk.lock.unlock();
        }
    }

    private <T> T locked(final Supplier<T> action) {
        disk.lock.lock();
        try {
            if (closed) {
                throw new StorageException(Failure.IO_ERROR, path + " is closed");
            }
            return action.get();
        } finally {
            disk.lock.unlock();
        }
    }
}
