"""Changes one file by turns on two mounts, and in memory; every read, on either, must give what memory has. Whoever had the turn closes the file.

argv: mounts (two directories), operations, seed."""
import ctypes
import mmap
import os
import random
import sys

SIZE_MAX, LENGTH_MAX = 300_000, 40_000
KEEP_SIZE, PUNCH_HOLE, ZERO_RANGE = 1, 2, 16
library = ctypes.CDLL(None, use_errno=True)
library.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
mounts, operations, seed = sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])
randomly = random.Random(seed)
model = bytearray()
done = []


def fallocate(file, mode, start, length):
    if library.fallocate(file, mode, start, length) != 0:
        raise OSError(ctypes.get_errno(), "fallocate")


def span():
    start = randomly.randrange(SIZE_MAX)
    return start, start + randomly.randint(1, min(LENGTH_MAX, SIZE_MAX - start))


def reach(end):
    if end > len(model):
        model.extend(bytes(end - len(model)))


def write(file):
    start, end = span()
    data = randomly.randbytes(end - start)
    assert os.pwrite(file, data, start) == len(data)
    reach(end)
    model[start:end] = data
    return start, end


def append(file):
    data = randomly.randbytes(randomly.randint(1, 5000))
    if len(model) + len(data) > SIZE_MAX:
        return ()
    appending = os.open("/proc/self/fd/%d" % file, os.O_WRONLY | os.O_APPEND)
    assert os.write(appending, data) == len(data)
    os.close(appending)
    model.extend(data)
    return len(data),


def truncate(file):
    size = randomly.randrange(SIZE_MAX)
    os.ftruncate(file, size)
    del model[size:]
    reach(size)
    return size,


def map_write(file):
    if not model:
        return ()
    start = randomly.randrange(len(model))
    end = min(len(model), start + randomly.randint(1, LENGTH_MAX))
    data = randomly.randbytes(end - start)
    with mmap.mmap(file, len(model)) as mapped:
        mapped[start:end] = data
        if randomly.random() < 0.5:
            mapped.flush()
    model[start:end] = data
    return start, end


def map_read(file):
    if model:
        with mmap.mmap(file, len(model), prot=mmap.PROT_READ) as mapped:
            assert bytes(mapped) == model, difference(bytes(mapped))
    return ()


def punch(file):
    start, end = span()
    fallocate(file, PUNCH_HOLE | KEEP_SIZE, start, end - start)
    end = min(end, len(model))
    if start < end:
        model[start:end] = bytes(end - start)
    return start, end


def zero(file):
    start, end = span()
    fallocate(file, ZERO_RANGE, start, end - start)
    reach(end)
    model[start:end] = bytes(end - start)
    return start, end


def copy(file):
    length = randomly.randint(1, LENGTH_MAX)
    if len(model) < 2 * length:
        return ()
    source = randomly.randrange(len(model) - 2 * length + 1)
    target = randomly.randrange(source + length, len(model) - length + 1)
    assert os.copy_file_range(file, file, length, source, target) == length
    model[target:target + length] = model[source:source + length]
    return source, target, length


def sync(file):
    os.fsync(file)
    return ()


def read(file):
    start, end = span()
    data = os.pread(file, end - start, start)
    assert data == model[start:end], difference(data, start)
    return start, end


def difference(data, start=0):
    expected = bytes(model[start:start + len(data)])
    at = next((at for at in range(len(expected)) if data[at] != expected[at]), None)
    return "seed %d: %d bytes of %d, first differs at %s; last: %s" % (
        seed, len(data), len(model) - start, at if at is None else start + at, done[-30:])


ways = [write] * 6 + [read] * 6 + [append, truncate, map_write, map_write, map_read, punch, zero, copy, sync]
turn = 0
while len(done) < operations or turn < 2:
    mount = mounts[turn % 2]
    file = os.open(os.path.join(mount, "file"), os.O_RDWR | os.O_CREAT, 0o644)
    size = os.fstat(file).st_size
    assert size == len(model), "seed %d: size %d, expected %d; last: %s" % (seed, size, len(model), done[-30:])
    for _ in range(randomly.randint(1, 12)):
        way = randomly.choice(ways)
        done.append((turn % 2, way.__name__) + way(file))
    os.close(file)
    turn += 1
for mount in mounts:
    with open(os.path.join(mount, "file"), "rb") as file:
        data = file.read()
        assert data == model, difference(data)
print(len(done), "operations in", turn, "turns")
