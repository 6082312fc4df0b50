package io.tarn.posix.jnr;

import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.Errno;
import io.tarn.posix.fs.FileSystem;
import io.tarn.posix.fs.PosixException;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all operations of a mount share. Thread-safe. */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    final FileSystem fileSystem;
    final OpenHandles handles = new OpenHandles();
    final HiddenFiles hidden = new HiddenFiles();
    final Paths paths;

    Calls(final FileSystem fileSystem) {
        this.fileSystem = fileSystem;
        paths = new Paths(fileSystem, hidden);
    }

    /** An operation; its result is what libfuse is answered. */
    @FunctionalInterface
    interface Call {
        int on(Request request);
    }

    /** Carries an operation out; what it throws becomes a negative error number. */
    int carryOut(final Call call) {
        try {
            return call.on(Request.current());
        } catch (final PosixException failed) {
            return -failed.errno().number();
        } catch (final RuntimeException | Error defect) {
            // whoever asked must have an answer, and nothing may be thrown into libfuse
            LOG.error("an operation failed", defect);
            return -Errno.EIO.number();
        }
    }

    long inode(final Caller caller, final Pointer path) {
        return paths.inode(caller, NativeBytes.text(path));
    }

    Paths.Place place(final Caller caller, final Pointer path) {
        return paths.place(caller, NativeBytes.text(path));
    }

    OpenHandles.Open open(final Pointer info) {
        return handles.get(new OpenFileInfo(info).handle());
    }
}
