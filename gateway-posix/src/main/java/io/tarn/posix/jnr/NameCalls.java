package io.tarn.posix.jnr;

import io.tarn.posix.fs.Caller;
import io.tarn.posix.fs.FileSystem;
import java.util.Arrays;
import jnr.ffi.Pointer;

/** What makes, moves and removes names. */
final class NameCalls {
    private static final int NO_FLAGS = 0;

    private final Calls calls;
    private final FileSystem fileSystem;

    NameCalls(final Calls calls) {
        this.calls = calls;
        fileSystem = calls.fileSystem;
    }

    int makeNode(final Pointer path, final int mode, final long device) {
        return calls.carryOut(request -> {
            final Caller caller = request.makingCaller();
            final Paths.Place place = calls.place(caller, path);
            calls.paths.made(fileSystem.makeNode(caller, place.parent(), place.name(), mode, (int) device));
            return 0;
        });
    }

    int makeDirectory(final Pointer path, final int mode) {
        return calls.carryOut(request -> {
            final Caller caller = request.makingCaller();
            final Paths.Place place = calls.place(caller, path);
            calls.paths.made(fileSystem.makeDirectory(caller, place.parent(), place.name(), mode));
            return 0;
        });
    }

    int makeSymlink(final Pointer target, final Pointer path) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final Paths.Place place = calls.place(caller, path);
            calls.paths.made(fileSystem.makeSymlink(caller, place.parent(), place.name(), NativeBytes.key(target)));
            return 0;
        });
    }

    int link(final Pointer from, final Pointer to) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final long inode = calls.inode(caller, from);
            final Paths.Place place = calls.place(caller, to);
            calls.paths.made(fileSystem.link(caller, inode, place.parent(), place.name()));
            return 0;
        });
    }

    /** A string of C, cut off where the buffer ends. */
    int readLink(final Pointer path, final Pointer buffer, final long size) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final byte[] target =
                    fileSystem.readLink(caller, calls.inode(caller, path)).toByteArray();
            NativeBytes.put(buffer, Arrays.copyOf(target, (int) Math.min(size, target.length + 1L)));
            buffer.putByte(Math.min(size - 1, target.length), (byte) 0);
            return 0;
        });
    }

    /** Outside of a request to unlink, libfuse removes one of its own names. */
    int unlink(final Pointer path) {
        return calls.carryOut(request -> {
            if (!request.is(RequestHead.UNLINK)) {
                calls.hidden.remove(NativeBytes.text(path));
                return 0;
            }
            final Caller caller = request.caller();
            final Paths.Place place = calls.place(caller, path);
            fileSystem.unlink(caller, place.parent(), place.name());
            return 0;
        });
    }

    int removeDirectory(final Pointer path) {
        return calls.carryOut(request -> {
            final Caller caller = request.caller();
            final Paths.Place place = calls.place(caller, path);
            fileSystem.removeDirectory(caller, place.parent(), place.name());
            return 0;
        });
    }

    int rename(final Pointer from, final Pointer to) {
        return calls.carryOut(request -> {
            final String oldPath = NativeBytes.text(from);
            final String newPath = NativeBytes.text(to);
            if (HiddenFiles.maybe(newPath) && request.hasProbed(newPath)) {
                hide(request, oldPath, newPath);
            } else {
                final Caller caller = request.caller();
                final Paths.Place place = calls.paths.place(caller, oldPath);
                final Paths.Place newPlace = calls.paths.place(caller, newPath);
                fileSystem.rename(caller, place.parent(), place.name(), newPlace.parent(), newPlace.name(), NO_FLAGS);
            }
            return 0;
        });
    }

    /**
     * An open file is about to lose its name: by a request to unlink it, which is carried out here, or by a rename to its name, which comes next and
     * replaces it at one stroke.
     */
    private void hide(final Request request, final String path, final String hiddenPath) {
        final Caller caller = request.caller();
        final long inode = calls.paths.inode(caller, path);
        if (request.is(RequestHead.UNLINK)) {
            final Paths.Place place = calls.paths.place(caller, path);
            fileSystem.unlink(caller, place.parent(), place.name());
        }
        calls.hidden.add(hiddenPath, inode);
    }
}
