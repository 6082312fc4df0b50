"""Races for names in the working directory; says which it won. argv: meeting, racer, racers, rounds."""
import ctypes
import errno
import os
import sys

from meeting import Meeting

NOREPLACE = 1
library = ctypes.CDLL(None, use_errno=True)
place, me, racers, rounds = sys.argv[1], *(int(argument) for argument in sys.argv[2:])
own = "own%d" % me


def exclusive(name):
    os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def without_replacing(name):
    os.close(os.open(own + "x", os.O_CREAT | os.O_WRONLY))
    if library.renameat2(-100, (own + "x").encode(), -100, name.encode(), NOREPLACE) != 0:
        raise OSError(ctypes.get_errno(), name)


ways = {
    "create": exclusive,
    "mkdir": os.mkdir,
    "symlink": lambda name: os.symlink("nowhere", name),
    "link": lambda name: os.link(own, name),
    "rename": without_replacing,
}
exclusive(own)
meeting = Meeting(place, me, racers)
for number in range(rounds):
    for way, make in ways.items():
        name = "%s%d" % (way, number)
        meeting.await_all()
        try:
            make(name)
            print(name)
        except OSError as refused:
            assert refused.errno == errno.EEXIST, (name, refused)
for number in range(rounds):  # and for taking them away
    name = "create%d" % number
    meeting.await_all()
    try:
        os.unlink(name)
        print("removed", name)
    except OSError as refused:
        assert refused.errno == errno.ENOENT, (name, refused)
