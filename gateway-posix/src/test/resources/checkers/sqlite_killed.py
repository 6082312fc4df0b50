"""Kills a writer of a database in mid-transaction, argv[3] times; after each, the database must be whole and have all that was committed.

argv: database, journal mode, rounds, seed."""
import os
import random
import signal
import sqlite3
import subprocess
import sys

path, mode, rounds, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
randomly = random.Random(seed)
writer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sqlite_writer.py")
for again in range(rounds):
    process = subprocess.Popen([sys.executable, writer, path, mode], stdout=subprocess.PIPE)
    committed = 0
    for _ in range(randomly.randint(1, 12)):
        committed = int(process.stdout.readline())
    # somewhere in the next transaction
    try:
        process.wait(randomly.uniform(0, 0.02))
    except subprocess.TimeoutExpired:
        pass
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    committed = max([committed] + [int(number) for number in rest])
    database = sqlite3.connect(path, timeout=60)
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)], (seed, again)
    last, = database.execute("select max(transaction_number) from t").fetchone()
    assert last in (committed, committed + 1), (seed, again, last, committed)
    halves = database.execute("select transaction_number from t group by 1 having count(*) <> 10").fetchall()
    assert halves == [], (seed, again, halves)
    database.close()
print("whole")
