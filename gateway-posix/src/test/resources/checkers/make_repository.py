"""Writes a stream for `git fast-import`: argv are a seed, how many files, how many commits. The same arguments give the same repository."""
import random
import sys

seed, files, commits = (int(argument) for argument in sys.argv[1:])
randomly = random.Random(seed)
out = sys.stdout


def data(text):
    out.write("data %d\n%s\n" % (len(text), text))


def text():
    lines = randomly.randint(1, 120)
    return "".join("%d %s\n" % (line, "x" * randomly.randint(0, 70)) for line in range(lines))


paths = ["d%d/e%d/file%d.c" % (number % 23, number % 7, number) for number in range(files)]
for commit in range(commits):
    out.write("commit refs/heads/main\ncommitter A <a@b> %d +0000\n" % (1000000000 + commit))
    data("commit %d" % commit)
    changed = paths if commit == 0 else randomly.sample(paths, files // 20)
    for path in changed:
        out.write("M %d inline %s\n" % (randomly.choice((100644, 100644, 100755)), path))
        data(text())
    if commit == 0:
        out.write("M 120000 inline link\n")
        data("d0/e0/file0.c")
