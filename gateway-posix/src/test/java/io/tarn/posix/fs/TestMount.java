package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A mount, and short words for what programs do on it, all by paths and as root. */
final class TestMount {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int READ_WRITE = 2;
    static final int CREATE = 0100;
    static final long NOBODY = 0;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int FILE_BYTES_MAX = 1 << 22;

    final FileSystem files;
    Caller caller = TestCaller.ROOT;

    TestMount(final FileSystem files) {
        this.files = files;
    }

    static Key key(final String text) {
        return Key.of(text);
    }

    /** The entry at a path; {@code ENOENT}. */
    Entry at(final String path) {
        Entry entry = new Entry(files.attributes(caller, FileSystem.ROOT).attributes(), 0, 0);
        for (final String name : path.split("/")) {
            if (!name.isEmpty()) {
                entry = files.lookup(caller, entry.attributes().inode(), key(name));
            }
        }
        return entry;
    }

    long inode(final String path) {
        return at(path).attributes().inode();
    }

    /** What {@code stat} shows. */
    Attributes stat(final String path) {
        return files.attributes(caller, inode(path)).attributes();
    }

    boolean exists(final String path) {
        return errno(() -> at(path)).isEmpty();
    }

    static Optional<Errno> errno(final Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (final PosixException failed) {
            return Optional.of(failed.errno());
        }
    }

    static void refuses(final Errno errno, final ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(PosixException.class, failed -> assertThat(failed.errno())
                        .isEqualTo(errno));
    }

    private static String name(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    long parent(final String path) {
        return inode(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    }

    /** A file that is open. */
    record Descriptor(TestMount mount, long inode, Opened opened) {
        long handle() {
            return opened.handle();
        }

        void write(final long offset, final String text) {
            write(offset, text.getBytes(StandardCharsets.UTF_8));
        }

        void write(final long offset, final byte[] bytes) {
            mount.files.write(mount.caller, inode, handle(), offset, ByteBuffer.wrap(bytes), false);
        }

        byte[] read(final long offset, final int length) {
            final ByteBuffer target = ByteBuffer.allocate(length);
            final int count = mount.files.read(inode, handle(), offset, target);
            final byte[] bytes = new byte[count];
            target.flip().get(bytes);
            return bytes;
        }

        String text() {
            return new String(read(0, FILE_BYTES_MAX), StandardCharsets.UTF_8);
        }

        long size() {
            return mount.files.attributes(mount.caller, inode).attributes().size();
        }

        void sync() {
            mount.files.sync(inode, handle(), false);
        }

        void close() {
            mount.files.flush(mount.caller, inode, handle(), NOBODY);
            mount.files.release(inode, handle(), NOBODY);
        }
    }

    Descriptor create(final String path) {
        return create(path, 0644, READ_WRITE | CREATE | OpenFlags.EXCLUSIVE);
    }

    Descriptor create(final String path, final int mode, final int flags) {
        final FileSystem.Created created = files.create(caller, parent(path), key(name(path)), mode, flags);
        return new Descriptor(this, created.entry().attributes().inode(), created.opened());
    }

    /** Opens as the kernel does, which looks a name up again when what it led to is stale. */
    Descriptor open(final String path, final int flags) {
        for (int attempt = 0; ; attempt++) {
            final long inode = inode(path);
            try {
                return new Descriptor(this, inode, files.open(caller, inode, flags));
            } catch (final PosixException failed) {
                if (failed.errno() != Errno.ESTALE || attempt > 1000) {
                    throw failed;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    void write(final String path, final String text) {
        final Descriptor file = exists(path) ? open(path, WRITE | OpenFlags.TRUNCATE) : create(path);
        file.write(0, text);
        file.close();
    }

    String read(final String path) {
        final Descriptor file = open(path, READ);
        try {
            return file.text();
        } finally {
            file.close();
        }
    }

    Entry mkdir(final String path) {
        return files.makeDirectory(caller, parent(path), key(name(path)), 0755);
    }

    void unlink(final String path) {
        files.unlink(caller, parent(path), key(name(path)));
    }

    void rmdir(final String path) {
        files.removeDirectory(caller, parent(path), key(name(path)));
    }

    void rename(final String from, final String to) {
        rename(from, to, 0);
    }

    void rename(final String from, final String to, final int flags) {
        files.rename(caller, parent(from), key(name(from)), parent(to), key(name(to)), flags);
    }

    Entry link(final String from, final String to) {
        return files.link(caller, inode(from), parent(to), key(name(to)));
    }

    Entry symlink(final String target, final String path) {
        return files.makeSymlink(caller, parent(path), key(name(path)), key(target));
    }

    /** Names in the order of the stream, without the dots. */
    List<String> list(final String path) {
        final long inode = inode(path);
        final Opened directory = files.openDirectory(caller, inode);
        final List<String> names = new ArrayList<>();
        files.readDirectory(caller, inode, directory.handle(), 0, (name, entry, next) -> {
            names.add(name.toString());
            return true;
        });
        files.releaseDirectory(inode, directory.handle());
        assertThat(names).startsWith(".", "..");
        return names.subList(2, names.size());
    }

    Attributes set(final String path, final AttributeWish wish) {
        return files.setAttributes(caller, inode(path), wish).attributes();
    }

    static final AttributeWish NOTHING = new AttributeWish(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            new AttributeWish.Omit(),
            new AttributeWish.Omit(),
            false,
            OptionalLong.empty());

    static AttributeWish mode(final int mode) {
        return new AttributeWish(
                OptionalInt.of(mode),
                NOTHING.uid(),
                NOTHING.gid(),
                NOTHING.size(),
                NOTHING.accessed(),
                NOTHING.modified(),
                false,
                NOTHING.handle());
    }

    static AttributeWish owner(final int uid, final int gid) {
        return new AttributeWish(
                NOTHING.mode(),
                OptionalInt.of(uid),
                OptionalInt.of(gid),
                NOTHING.size(),
                NOTHING.accessed(),
                NOTHING.modified(),
                false,
                NOTHING.handle());
    }

    static AttributeWish size(final long size) {
        return new AttributeWish(
                NOTHING.mode(),
                NOTHING.uid(),
                NOTHING.gid(),
                OptionalLong.of(size),
                NOTHING.accessed(),
                NOTHING.modified(),
                false,
                NOTHING.handle());
    }

    static AttributeWish times(final AttributeWish.Time accessed, final AttributeWish.Time modified) {
        return new AttributeWish(
                NOTHING.mode(),
                NOTHING.uid(),
                NOTHING.gid(),
                NOTHING.size(),
                accessed,
                modified,
                false,
                NOTHING.handle());
    }

    static void await(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not in time: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
