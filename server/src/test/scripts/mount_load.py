"""Works on a mount until a file tells it to stop, and says what went wrong; nothing may.

One worker writes, syncs, reads, renames and removes files of its own, and keeps others open all the time: one that it goes on writing, one
that has no name any more, one with a lock on it. Usage: mount_load.py MOUNT NUMBER STOP-FILE
"""
import fcntl
import os
import sys
import time

root, number, stop = sys.argv[1], sys.argv[2], sys.argv[3]
own = os.path.join(root, "w" + number)
os.mkdir(own)
kept = os.open(os.path.join(own, "kept"), os.O_RDWR | os.O_CREAT | os.O_EXCL)
gone = os.open(os.path.join(own, "gone"), os.O_RDWR | os.O_CREAT | os.O_EXCL)
os.write(gone, b"without a name")
os.unlink(os.path.join(own, "gone"))
locked = os.open(os.path.join(own, "locked"), os.O_RDWR | os.O_CREAT | os.O_EXCL)
fcntl.lockf(locked, fcntl.LOCK_EX)

rounds, longest, expected = 0, 0.0, {}
while not os.path.exists(stop):
    begun = time.monotonic()
    rounds += 1
    name = "f%d" % (rounds % 10)
    path, content = os.path.join(own, name), ("%s/%d " % (number, rounds)).encode() * 500
    if name in expected:
        with open(path, "rb") as file:
            assert file.read() == expected[name], "%s has other bytes in round %d" % (name, rounds)
    with open(path + ".new", "xb") as file:
        file.write(content)
        if rounds % 3 == 0:
            file.flush()
            os.fsync(file.fileno())
    os.rename(path + ".new", path)
    expected[name] = content
    os.mkdir(os.path.join(own, "d"))
    os.rmdir(os.path.join(own, "d"))
    record = b"%015d\n" % rounds
    assert os.pwrite(kept, record, 16 * rounds) == 16
    assert os.pread(kept, 16, 16 * rounds) == record, "the kept file lost round %d" % rounds
    assert os.pread(gone, 100, 0) == b"without a name"
    longest = max(longest, time.monotonic() - begun)

os.fsync(kept)
for number_before in range(1, rounds + 1):
    record = os.pread(kept, 16, 16 * number_before)
    assert record == b"%015d\n" % number_before, "round %d of the kept file is %r" % (number_before, record)
names = sorted(os.listdir(own))
assert names == sorted(list(expected) + ["kept", "locked"]), names
for name, content in expected.items():
    with open(os.path.join(own, name), "rb") as file:
        assert file.read() == content, name
print("%d rounds, the longest took %.1f s" % (rounds, longest))
