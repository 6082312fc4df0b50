"""Moves files and directories about at random without ever replacing one, as others do at the same time. argv: meeting, racer, racers, rounds, seed.

Directories d0 to d3 have been made, in a place of their own each, and files f0 to f19. Whoever looks afterwards finds each exactly once."""
import ctypes
import errno
import os
import random
import sys

from meeting import Meeting

NOREPLACE, EXCHANGE = 1, 2
EXPECTED = {errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EINVAL, errno.ENOTEMPTY, errno.ESTALE}
library = ctypes.CDLL(None, use_errno=True)
place, me, racers, rounds, seed = sys.argv[1], *(int(argument) for argument in sys.argv[2:])
randomly = random.Random(seed + me)


def tree():
    found = []
    for directory, directories, files in os.walk("."):
        found += [os.path.join(directory, name) for name in directories + files]
    return found


Meeting(place, me, racers).await_all()
done = 0
known = tree()
for number in range(rounds):
    if number % 10 == 0:
        known = tree()
    one = randomly.choice(known)
    into = [path for path in known if os.path.basename(path).startswith("d")] + ["."]
    two = randomly.choice(known) if randomly.random() < 0.3 else os.path.join(randomly.choice(into), os.path.basename(one))
    flag = EXCHANGE if two in known else NOREPLACE
    if library.renameat2(-100, one.encode(), -100, two.encode(), flag) == 0:
        done += 1
    else:
        assert ctypes.get_errno() in EXPECTED, (one, two, errno.errorcode[ctypes.get_errno()])
print(done)
