"""What locks do between two mounts, argv[1] and argv[2], of one volume: who is refused, who waits, what a signal and a death do."""
import errno
import fcntl
import os
import signal
import struct
import subprocess
import sys
import time

here, there = sys.argv[1], sys.argv[2]
SET, SET_WAIT, GET = fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_GETLK
HELPER = """
import fcntl, os, signal, sys, time
def alarm(*_): raise InterruptedError
signal.signal(signal.SIGALRM, alarm)
f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
for line in sys.stdin:
    kind, *a = line.split(); a = [int(x) for x in a]
    try:
        if kind == 'range': fcntl.lockf(f, *a)
        elif kind == 'flock': fcntl.flock(f, *a)
        elif kind == 'alarm': signal.setitimer(signal.ITIMER_REAL, a[0] / 1000); print('ok', flush=True); continue
        print('ok', flush=True)
    except InterruptedError: print('interrupted', flush=True)
    except OSError as e: print(e.errno, flush=True)
"""


class Program:
    """Another process, with the file open on one of the mounts, that locks as it is told."""

    def __init__(self, mount, name):
        self.process = subprocess.Popen([sys.executable, "-c", HELPER, os.path.join(mount, name)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def hear(self):
        return self.process.stdout.readline().strip()

    def does(self, *words):
        self.tell(*words)
        return self.hear()

    def kill(self):
        self.process.kill()
        self.process.wait()


def await_true(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


AGAIN = str(errno.EAGAIN)
EX, SH, UN, NB = fcntl.LOCK_EX, fcntl.LOCK_SH, fcntl.LOCK_UN, fcntl.LOCK_NB

# ranges: what overlaps is refused, what touches is not, readers share, what is given up in the middle is free
one, two = Program(here, "ranges"), Program(there, "ranges")
assert one.does("range", EX, 100, 0) == "ok"
assert two.does("range", EX | NB, 1, 99) == AGAIN
assert two.does("range", EX | NB, 100, 100) == "ok"
assert one.does("range", SH | NB, 0, 150) == AGAIN
assert one.does("range", UN, 20, 40) == "ok"
assert two.does("range", EX | NB, 20, 40) == "ok"
assert two.does("range", EX | NB, 21, 40) == AGAIN
assert one.does("range", SH | NB, 40, 0) == "ok"
assert two.does("range", SH | NB, 10, 0) == "ok"
assert two.does("range", EX | NB, 10, 0) == AGAIN
third = os.open(os.path.join(there, "ranges"), os.O_RDWR)
kind, whence, start, length, owner = struct.unpack("hhqqi", fcntl.fcntl(third, GET, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 70, 10, 0))[:28])
assert (kind, start, length) == (fcntl.F_WRLCK, 60, 40), (kind, start, length)
os.close(third)

# a death frees
one.kill()
await_true(lambda: two.does("range", EX | NB, 30, 60) == "ok", "the lock of the dead")
two.kill()

# who waits is woken by a release elsewhere; whom a signal wakes has nothing, and leaves nothing behind
for lock, unlock in ((("range", EX, 10, 0), ("range", UN, 10, 0)), (("flock", EX), ("flock", UN))):
    name = "waits-" + lock[0]
    one, two, three = Program(here, name), Program(there, name), Program(here, name)
    assert one.does(*lock) == "ok"
    two.tell(*lock)
    assert one.does(*unlock) == "ok"
    assert two.hear() == "ok"
    assert one.does("alarm", 300) == "ok"
    assert one.does(*lock) == "interrupted"
    assert two.does(*unlock) == "ok"
    assert three.does(*lock) == "ok", "the interrupted one holds it"
    one.tell(*lock)
    two.kill()
    three.kill()
    assert one.hear() == "ok"
    one.kill()

# a reader that becomes a writer waits for the other readers
one, two = Program(here, "whole"), Program(there, "whole")
assert one.does("flock", SH) == "ok" and two.does("flock", SH) == "ok"
assert one.does("flock", EX | NB) == AGAIN
two.kill()
await_true(lambda: one.does("flock", EX | NB) == "ok", "the lock of the dead reader")
one.kill()
print("locks hold")
