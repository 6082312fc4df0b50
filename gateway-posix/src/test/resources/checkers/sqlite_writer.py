"""Commits transactions to the database argv[1] in journal mode argv[2], saying the number of each after its commit, until it is killed."""
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
database.execute("pragma journal_mode=" + sys.argv[2])
database.execute("pragma synchronous=full")
database.execute("pragma cache_size=10")  # spills: pages are written before the commit, too
database.execute("create table if not exists t(transaction_number integer, part integer, bytes blob)")
number = database.execute("select coalesce(max(transaction_number), 0) from t").fetchone()[0]
while True:
    number += 1
    database.execute("begin immediate")
    for part in range(10):
        database.execute("insert into t values(?, ?, randomblob(3000))", (number, part))
    database.execute("delete from t where transaction_number = ?", (number - 20,))
    database.execute("commit")
    print(number, flush=True)
