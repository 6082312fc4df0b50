"""Counts in files, each guarded by a lock: nothing is counted twice or lost if locks hold and what is written under one is seen under the next.

argv: fcntl or flock, meeting, racer, racers, rounds, seed. With fcntl the locks are ranges of one file, some over two counters."""
import fcntl
import os
import random
import sys

from meeting import Meeting

COUNTERS = 4
kind, place, me, racers, rounds, seed = sys.argv[1], sys.argv[2], *(int(argument) for argument in sys.argv[3:])
randomly = random.Random(seed + me)
guard = os.open("ranges", os.O_RDWR | os.O_CREAT)
guards = [os.open("guard%d" % number, os.O_RDWR | os.O_CREAT) for number in range(COUNTERS)]


def count(number):
    with open("counter%d" % number, "a+") as file:
        file.seek(0)
        value = int(file.read() or 0)
        file.truncate(0)
        file.write(str(value + 1))


Meeting(place, me, racers).await_all()
for _ in range(rounds):
    first = randomly.randrange(COUNTERS)
    many = 2 if first + 1 < COUNTERS and randomly.random() < 0.3 else 1
    if kind == "fcntl":
        fcntl.lockf(guard, fcntl.LOCK_EX, 100 * many, 100 * first)
    else:
        for number in range(first, first + many):
            fcntl.flock(guards[number], fcntl.LOCK_EX)
    for number in range(first, first + many):
        count(number)
    print(many)
    if kind == "fcntl":
        fcntl.lockf(guard, fcntl.LOCK_UN, 100 * many, 100 * first)
    else:
        for number in range(first, first + many):
            fcntl.flock(guards[number], fcntl.LOCK_UN)
