"""Fills files of the working directory until a call is refused; prints which call it was, and its errno. argv: bytes of a file, files at most."""
import errno
import os
import sys

length, most = int(sys.argv[1]), int(sys.argv[2])
call = "none"
try:
    for number in range(most):
        call = "open"
        file = os.open("fill%d" % number, os.O_CREAT | os.O_WRONLY)
        try:
            call = "write"
            left = length
            while left > 0:
                left -= os.write(file, b"x" * min(left, 1 << 20))
            call = "fsync"
            os.fsync(file)
        except OSError:
            last = sys.exc_info()[1]
            try:
                os.close(file)
            except OSError as told_again:
                raise last from told_again
            raise last
        call = "close"
        os.close(file)
    print("nothing was refused")
except OSError as refused:
    print(call, errno.errorcode[refused.errno])
