"""Sizes and names at their limits, in the working directory."""
import errno
import os

MOST = 16 << 40


def refused(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as failed:
        assert failed.errno == number, (call, arguments[1:], errno.errorcode[failed.errno])
        return
    raise AssertionError((call, arguments, "succeeded"))


file = os.open("sparse", os.O_CREAT | os.O_RDWR)
os.pwrite(file, b"begin", 0)
os.pwrite(file, b"end", MOST - 1 - 3)
assert os.fstat(file).st_size == MOST - 1
os.fsync(file)
assert os.pread(file, 100, MOST - 1 - 3) == b"end" and os.pread(file, 5, 0) == b"begin"
assert os.pread(file, 3, MOST // 2) == b"\0\0\0"
assert os.lseek(file, 1 << 20, os.SEEK_DATA) >= MOST - (1 << 20) and os.lseek(file, 0, os.SEEK_HOLE) <= 1 << 20
os.ftruncate(file, MOST)
refused(errno.EFBIG, os.ftruncate, file, MOST + 1)
refused(errno.EFBIG, os.pwrite, file, b"x", MOST)
refused(errno.EFBIG, os.posix_fallocate, file, MOST, 1)
assert os.fstat(file).st_size == MOST
os.ftruncate(file, 5)
assert os.pread(file, 100, 0) == b"begin"
os.close(file)
os.unlink("sparse")

for name in (b"n" * 255, b"\xff" * 255, "ü".encode() * 127):
    os.mkdir(name)
    assert name in os.listdir(b".")
    os.rmdir(name)
refused(errno.ENAMETOOLONG, os.mkdir, "n" * 256)
refused(errno.ENAMETOOLONG, os.symlink, "x", b"\xff" * 256)

# a path of 4,095 bytes and its NUL
depth = "/".join(["d" * 255] * 15)
os.makedirs(depth)
name = depth + "/" + "f" * (4095 - len(depth) - 1)
with open(name, "w") as deep:
    deep.write("deep")
with open(name) as deep:
    assert deep.read() == "deep"
refused(errno.ENAMETOOLONG, os.open, name + "f", os.O_RDONLY)
os.symlink(name, "far")
assert os.readlink("far") == name and open("far").read() == "deep"
os.unlink("far")
os.unlink(name)
os.removedirs(depth)
assert os.listdir(".") == []
print("hold")
