"""Tries every kind of change in the working directory, where there are a file f, a link s to it and a directory d; prints each one's errno."""
import errno
import os

changes = {
    "create": lambda: os.open("n", os.O_CREAT | os.O_WRONLY),
    "open to write": lambda: os.open("f", os.O_WRONLY),
    "open and empty": lambda: os.open("f", os.O_RDONLY | os.O_TRUNC),
    "truncate": lambda: os.truncate("f", 0),
    "mkdir": lambda: os.mkdir("n"),
    "mkfifo": lambda: os.mkfifo("n"),
    "mknod": lambda: os.mknod("n", 0o600),
    "symlink": lambda: os.symlink("f", "n"),
    "link": lambda: os.link("f", "n"),
    "unlink": lambda: os.unlink("f"),
    "rmdir": lambda: os.rmdir("d"),
    "rename": lambda: os.rename("f", "n"),
    "chmod": lambda: os.chmod("f", 0o600),
    "chown": lambda: os.chown("f", 1, 1),
    "lchown": lambda: os.lchown("s", 1, 1),
    "utime": lambda: os.utime("f"),
    "setxattr": lambda: os.setxattr("f", "user.a", b"b"),
    "removexattr": lambda: os.removexattr("f", "user.a"),
}
for name, change in changes.items():
    try:
        change()
        print(name, "succeeded")
    except OSError as refused:
        print(name, errno.errorcode[refused.errno])
