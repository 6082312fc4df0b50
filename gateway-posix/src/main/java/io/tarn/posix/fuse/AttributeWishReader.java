package io.tarn.posix.fuse;

import io.tarn.posix.fs.AttributeWish;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads struct fuse_setattr_in. */
final class AttributeWishReader {
    private static final int MODE = 1;
    private static final int UID = 1 << 1;
    private static final int GID = 1 << 2;
    private static final int SIZE = 1 << 3;
    private static final int ATIME = 1 << 4;
    private static final int MTIME = 1 << 5;
    private static final int FH = 1 << 6;
    private static final int ATIME_NOW = 1 << 7;
    private static final int MTIME_NOW = 1 << 8;
    private static final int KILL_SUIDGID = 1 << 11;

    private static final int PERMISSIONS = 0xFFF;
    private static final AttributeWish.Time OMIT = new AttributeWish.Omit();
    private static final AttributeWish.Time NOW = new AttributeWish.Now();

    private AttributeWishReader() {}

    static AttributeWish read(final Arguments in) throws MalformedRequestException {
        final int valid = in.int32(0);
        // the last field, so that a request cut off is not taken for one that asks for little
        final int gid = in.int32(80);
        return new AttributeWish(
                (valid & MODE) != 0 ? OptionalInt.of(in.int32(68) & PERMISSIONS) : OptionalInt.empty(),
                (valid & UID) != 0 ? OptionalInt.of(in.int32(76)) : OptionalInt.empty(),
                (valid & GID) != 0 ? OptionalInt.of(gid) : OptionalInt.empty(),
                (valid & SIZE) != 0 ? OptionalLong.of(in.int64(16)) : OptionalLong.empty(),
                time(valid, ATIME, ATIME_NOW, in.int64(32), in.int32(56)),
                time(valid, MTIME, MTIME_NOW, in.int64(40), in.int32(60)),
                (valid & KILL_SUIDGID) != 0,
                (valid & FH) != 0 ? OptionalLong.of(in.int64(8)) : OptionalLong.empty());
    }

    private static AttributeWish.Time time(
            final int valid, final int given, final int now, final long seconds, final int nanos) {
        if ((valid & now) != 0) {
            return NOW;
        }
        return (valid & given) != 0 ? new AttributeWish.At(KernelTime.nanos(seconds, nanos)) : OMIT;
    }
}
