"""Lists a directory in which others make and remove names: what stays is given exactly once, what goes at most once.

argv: list or change, meeting, racer, racers, rounds, seed. Files stays0 to stays299 have been made."""
import os
import random
import sys

from meeting import Meeting

STAY = {"stays%d" % number for number in range(300)}
role, place, me, racers, rounds, seed = sys.argv[1], sys.argv[2], *(int(argument) for argument in sys.argv[3:])
randomly = random.Random(seed + me)
Meeting(place, me, racers).await_all()
for number in range(rounds):
    if role == "change":
        name = "%s%d-%d" % (randomly.choice("aqz"), me, randomly.randrange(50))
        if os.path.exists(name):
            os.unlink(name)
        else:
            os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    else:
        names = os.listdir(".")
        assert len(names) == len(set(names)), "twice: %s" % [name for name in names if names.count(name) > 1]
        assert STAY <= set(names), "missing: %s" % (STAY - set(names))
