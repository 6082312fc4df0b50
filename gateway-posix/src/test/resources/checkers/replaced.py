"""A file that is replaced by renaming others over it is always there and always whole, for readers on every mount.

What another host replaces twice between the look at its name and its opening is ESTALE (docs/posix.md): the reader opens it again. argv: write or read, meeting, racer, racers, rounds."""
import errno
import os
import sys

from meeting import Meeting

role, place, me, racers, rounds = sys.argv[1], sys.argv[2], *(int(argument) for argument in sys.argv[3:])


def opened():
    for _ in range(100):
        try:
            return open("config", "rb")
        except OSError as failed:
            if failed.errno != errno.ESTALE:
                raise
    raise AssertionError("stale a hundred times")


meeting = Meeting(place, me, racers)
meeting.await_all()
last = 0
for number in range(1, rounds + 1):
    if role == "write":
        with open("new", "wb") as file:
            file.write(b"%d\n" % number + b"%06d\n" % number * (1 + number % 3000))
        os.rename("new", "config")
    else:
        with opened() as file:
            lines = file.read().split(b"\n")
        shown = int(lines[0])
        assert lines[-1] == b"" and lines[1:-1] == [b"%06d" % shown] * (1 + shown % 3000), (shown, lines[:3], len(lines))
        assert shown >= last, "%d after %d" % (shown, last)
        last = shown
