"""Makes a tree as of sources in argv[1]: argv[2] files from seed argv[3], links, odd names, modes and times."""
import os
import random
import sys

root, files, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
randomly = random.Random(seed)
for number in range(files):
    directory = os.path.join(root, "d%d" % (number % 40), "sub%d" % (number % 5))
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, randomly.choice(("f%d.c", "F %d", "ü%d", "-%d", "%d\n")) % number)
    with open(path, "wb") as file:
        file.write(randomly.randbytes(randomly.choice((0, 10, 1000, 5000, 40000))))
    os.chmod(path, randomly.choice((0o644, 0o600, 0o755, 0o444, 0o4711)))
    moment = randomly.randrange(10**18)
    os.utime(path, ns=(moment, moment))
    if number % 50 == 0:
        os.link(path, path + ".hard")
        os.symlink(os.path.basename(path), path + ".soft")
    if number % 300 == 0:
        os.setxattr(path, "user.note", b"%d" % number)
        with open(path + ".sparse", "wb") as sparse:
            sparse.truncate(1 << 20)
            sparse.seek(500_000)
            sparse.write(b"island")
