"""Does random things in the working directory, in a directory of its own, and knows what each must give, until a file appears.

Arguments: the seed, and the file. Says "good after N steps", or what went wrong.
"""
import errno
import os
import random
import sys

seed, stop = int(sys.argv[1]), sys.argv[2]
chance = random.Random(seed)
home = f"program{seed}"
os.mkdir(home)
NAMES = [f"{home}/{name}" for name in "abcdef"]
LONGEST = 60_000


class File:
    """What a file must hold, whatever names it has."""

    def __init__(self):
        self.content = bytearray()
        self.mode = 0o644
        self.xattr = None


names = {}
directories = set()
descriptors = []


def expect(wanted, call, *arguments, **more):
    try:
        result = call(*arguments, **more)
    except OSError as failed:
        if failed.errno != wanted:
            raise AssertionError(f"{call.__name__}{arguments}: {failed}, not {errno.errorcode.get(wanted, wanted)}")
        return None
    if wanted is not None:
        raise AssertionError(f"{call.__name__}{arguments}: no {errno.errorcode[wanted]}")
    return result


def taken(name):
    return name in names or name in directories


def create():
    name = chance.choice(NAMES)
    append = os.O_APPEND if chance.random() < 0.4 else 0
    fd = expect(errno.EEXIST if taken(name) else None, os.open, name, os.O_CREAT | os.O_EXCL | os.O_RDWR | append, 0o644)
    if fd is not None:
        names[name] = File()
        descriptors.append((fd, names[name], append))


def reopen():
    if names:
        name = chance.choice(sorted(names))
        append = os.O_APPEND if chance.random() < 0.3 else 0
        descriptors.append((os.open(name, os.O_RDWR | append), names[name], append))


def write():
    if descriptors:
        fd, file, append = chance.choice(descriptors)
        data = chance.randbytes(chance.choice([10, 700, 5_000, 20_000]))
        at = len(file.content) if append else chance.randrange(LONGEST)
        if append:
            assert os.write(fd, data) == len(data)
        else:
            assert os.pwrite(fd, data, at) == len(data)
        if at > len(file.content):
            file.content.extend(bytes(at - len(file.content)))
        file.content[at:at + len(data)] = data


def truncate():
    if descriptors:
        fd, file, _ = chance.choice(descriptors)
        size = chance.randrange(LONGEST)
        os.ftruncate(fd, size)
        del file.content[size:]
        file.content.extend(bytes(size - len(file.content)))


def look():
    if descriptors:
        fd, file, _ = chance.choice(descriptors)
        state = os.fstat(fd)
        assert state.st_size == len(file.content), (state.st_size, len(file.content))
        assert state.st_mode & 0o777 == file.mode, oct(state.st_mode)
        found = os.pread(fd, 1 << 20, 0)
        assert found == file.content, "other bytes"


def change_mode():
    if descriptors:
        fd, file, _ = chance.choice(descriptors)
        file.mode = chance.choice([0o600, 0o640, 0o644])
        os.fchmod(fd, file.mode)


def change_xattr():
    if names:
        name = chance.choice(sorted(names))
        file = names[name]
        if chance.random() < 0.5:
            value = chance.randbytes(10)
            expect(errno.EEXIST if file.xattr else None, os.setxattr, name, "user.x", value, os.XATTR_CREATE)
            file.xattr = file.xattr or value
        else:
            expect(None if file.xattr else errno.ENODATA, os.removexattr, name, "user.x")
            file.xattr = None


def sync():
    if descriptors:
        os.fsync(chance.choice(descriptors)[0])


def close():
    if descriptors:
        os.close(descriptors.pop(chance.randrange(len(descriptors)))[0])


def unlink():
    name = chance.choice(NAMES)
    if name not in directories:
        expect(None if name in names else errno.ENOENT, os.unlink, name)
        names.pop(name, None)


def link():
    name, other = chance.sample(NAMES, 2)
    if name in names:
        expect(errno.EEXIST if taken(other) else None, os.link, name, other)
        if not taken(other):
            names[other] = names[name]


def rename():
    name, other = chance.sample(NAMES, 2)
    if name in directories or other in directories:
        return
    expect(None if name in names else errno.ENOENT, os.rename, name, other)
    if name in names and names[name] is not names.get(other):
        names[other] = names.pop(name)


def make_directory():
    name = chance.choice(NAMES)
    expect(errno.EEXIST if taken(name) else None, os.mkdir, name)
    if name not in names:
        directories.add(name)


def remove_directory():
    name = chance.choice(NAMES)
    if name not in names:
        expect(None if name in directories else errno.ENOENT, os.rmdir, name)
        directories.discard(name)


def make_symlink():
    name = chance.choice(NAMES)
    made = expect(errno.EEXIST if taken(name) else None, os.symlink, "somewhere", name)
    if not taken(name):
        assert os.readlink(name) == "somewhere"
        os.unlink(name)


STEPS = [create, create, reopen, write, write, write, write, write, truncate, look, look, change_mode, change_xattr, sync,
         close, close, unlink, link, rename, rename, make_directory, remove_directory, make_symlink]
step = 0
try:
    while not os.path.exists(stop):
        while len(descriptors) > 8:
            close()
        chance.choice(STEPS)()
        step += 1
    while descriptors:
        close()
    assert sorted(os.listdir(home)) == sorted(name.rsplit("/")[1] for name in list(names) + list(directories))
    for name, file in names.items():
        with open(name, "rb") as opened:
            assert opened.read() == file.content, name
except (AssertionError, OSError) as failed:
    print(f"seed {seed}, step {step}: {type(failed).__name__} {failed}", flush=True)
    raise
print(f"good after {step} steps")
