package io.tarn.posix.fs;

import java.util.Arrays;
import java.util.Optional;

/** Error numbers of Linux on x86-64 and arm64 (asm-generic/errno-base.h, errno.h), as far as a file system answers them. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    EBADF(9),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENFILE(23),
    ENOTTY(25),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    EMLINK(31),
    ERANGE(34),
    EDEADLK(35),
    ENAMETOOLONG(36),
    ENOLCK(37),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EOVERFLOW(75),
    EOPNOTSUPP(95),
    ESTALE(116),
    EDQUOT(122);

    private final int number;

    Errno(final int number) {
        this.number = number;
    }

    /** The one of a number. */
    static Optional<Errno> of(final int number) {
        return Arrays.stream(values()).filter(errno -> errno.number == number).findFirst();
    }

    /** As the kernel counts, positive. */
    public int number() {
        return number;
    }

    public PosixException exception() {
        return new PosixException(this);
    }
}
