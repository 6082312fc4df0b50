"""Does random things in a tree that others change at the same time. In the directory that is this racer's own every result is foreseen; in those that
all share, every call succeeds or fails with an error that a race explains. argv: meeting, racer, racers, operations, seed."""
import errno
import os
import random
import sys

from meeting import Meeting

RACES = {errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ELOOP, errno.ESTALE,
         errno.ENODATA, errno.ENXIO, errno.EPERM}
place, me, racers, operations, seed = sys.argv[1], *(int(argument) for argument in sys.argv[2:])
randomly = random.Random(seed + me)
shared = ["shared", "shared/a", "shared/b", "shared/a/c"]
names = ["n%d" % number for number in range(12)]
own = "own%d" % me
files, directories = {}, set()


def anywhere():
    return os.path.join(randomly.choice(shared), randomly.choice(names))


def write(path, flags):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | flags)
    try:
        os.pwrite(file, randomly.randbytes(randomly.choice((1, 100, 5000, 70_000))), randomly.choice((0, 0, 3, 10_000)))
        if randomly.random() < 0.1:
            os.fsync(file)
    finally:
        os.close(file)


def read(path):
    with open(path, "rb") as file:
        file.read()


def in_shared():
    randomly.choice((
        lambda: write(anywhere(), 0),
        lambda: write(anywhere(), os.O_TRUNC),
        lambda: write(anywhere(), os.O_EXCL),
        lambda: write(anywhere(), os.O_APPEND),
        lambda: os.rename(anywhere(), anywhere()),
        lambda: os.rename(anywhere(), anywhere()),
        lambda: os.link(anywhere(), anywhere(), follow_symlinks=False),
        lambda: os.symlink(randomly.choice(names), anywhere()),
        lambda: os.unlink(anywhere()),
        lambda: os.unlink(anywhere()),
        lambda: os.mkdir(anywhere()),
        lambda: os.rmdir(anywhere()),
        lambda: os.mkfifo(anywhere()) if randomly.random() < 0.2 else os.stat(anywhere()),
        lambda: os.truncate(anywhere(), randomly.randrange(20_000)),
        lambda: os.chmod(anywhere(), randomly.choice((0o600, 0o644, 0o755))),
        lambda: os.setxattr(anywhere(), "user.x", b"%d" % me),
        lambda: os.utime(anywhere(), ns=(7, 8), follow_symlinks=False),
        lambda: os.listdir(randomly.choice(shared)),
        lambda: [entry.stat(follow_symlinks=False) for entry in os.scandir(randomly.choice(shared))],
    ))()


def in_own():
    path = os.path.join(own, randomly.choice(names))
    way = randomly.randrange(6)
    if way <= 1 and path not in directories:
        content = randomly.randbytes(randomly.choice((0, 10, 6000)))
        with open(path, "wb") as file:
            file.write(content)
        files[path] = content
    elif way == 2 and path in files:
        with open(path, "rb") as file:
            assert file.read() == files[path], path
    elif way == 3 and path in files:
        os.unlink(path)
        del files[path]
    elif way == 4:
        if path in directories:
            os.rmdir(path)
            directories.remove(path)
        elif path not in files:
            os.mkdir(path)
            directories.add(path)
    elif path in files:
        target = os.path.join(own, randomly.choice(names))
        if target not in directories and target != path:
            os.rename(path, target)
            files[target] = files.pop(path)
    found = {os.path.join(own, name) for name in os.listdir(own)}
    assert found == set(files) | directories, (seed, found, files.keys(), directories)


os.makedirs("shared/a/c", exist_ok=True)
os.makedirs("shared/b", exist_ok=True)
os.mkdir(own)
Meeting(place, me, racers).await_all()
for number in range(operations):
    if randomly.random() < 0.3:
        in_own()
        continue
    try:
        in_shared()
    except OSError as failed:
        assert failed.errno in RACES, (seed, number, failed)
for path, content in files.items():
    with open(path, "rb") as file:
        assert file.read() == content, path
