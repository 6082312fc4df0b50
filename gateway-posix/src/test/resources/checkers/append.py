"""Appends records to the file "log" of the working directory, each by one write: argv are meeting, racer, racers, records, seed.

With the racer "check": every record must be there once, whole, and in each racer's order; argv are check, racers, records."""
import hashlib
import os
import random
import struct
import sys

from meeting import Meeting

HEADER = struct.Struct(">4sIII16s")


def check(racers, records):
    with open("log", "rb") as file:
        log = file.read()
    at, seen = 0, [0] * racers
    while at < len(log):
        mark, racer, number, length, digest = HEADER.unpack_from(log, at)
        assert mark == b"RECD", "no record at %d" % at
        body = log[at + HEADER.size:at + HEADER.size + length]
        assert hashlib.md5(body).digest() == digest, "torn record at %d" % at
        assert number == seen[racer], "racer %d: %d after %d" % (racer, number, seen[racer])
        seen[racer] += 1
        at += HEADER.size + length
    assert seen == [records] * racers, seen
    print("whole")


def append(place, me, racers, records, seed):
    randomly = random.Random(seed + me)
    meeting = Meeting(place, me, racers)
    meeting.await_all()
    log = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(records):
        body = randomly.randbytes(randomly.choice((1, 30, 500, 4096, 5000, 70_000)))
        record = HEADER.pack(b"RECD", me, number, len(body), hashlib.md5(body).digest()) + body
        assert os.write(log, record) == len(record)
        if randomly.random() < 0.1:
            os.fsync(log)
        if randomly.random() < 0.1:
            os.close(log)
            log = os.open("log", os.O_WRONLY | os.O_APPEND)
    os.close(log)


if sys.argv[1] == "check":
    check(*(int(argument) for argument in sys.argv[2:]))
else:
    append(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
