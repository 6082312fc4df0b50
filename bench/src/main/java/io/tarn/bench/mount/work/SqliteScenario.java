package io.tarn.bench.mount.work;

import io.tarn.bench.linux.Database;
import io.tarn.bench.mount.Group;
import io.tarn.bench.mount.Scale;
import io.tarn.bench.mount.Scenario;
import io.tarn.bench.mount.Task;
import io.tarn.bench.mount.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Transactions of one row of 100 bytes, durable each ({@code synchronous=FULL}), with a rollback journal or a write-ahead log. */
final class SqliteScenario implements Scenario {
    private final String journal;
    private final Task task;

    /** @param journal mode as SQLite calls it: {@code DELETE} or {@code WAL} */
    SqliteScenario(final String journal) {
        this.journal = journal;
        this.task = Task.of("SQLite, " + journal, 1, Scale.perSecond("tx"));
    }

    @Override
    public Group group() {
        return Group.SQLITE;
    }

    @Override
    public List<Task> tasks() {
        return List.of(task);
    }

    @Override
    public boolean warms() {
        return true;
    }

    @Override
    public Trial begin(final Path directory) {
        return (ignored, limit) -> {
            try (Database database = Database.open(directory.resolve("database"))) {
                return run(database, limit).tally();
            }
        };
    }

    private Workers.Done run(final Database database, final Duration limit) throws IOException, InterruptedException {
        final String mode = database.query("PRAGMA journal_mode=" + journal);
        if (!mode.equalsIgnoreCase(journal)) {
            throw new IOException("SQLite uses the journal mode " + mode + " here and not " + journal);
        }
        database.query("PRAGMA synchronous=FULL");
        database.query("CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB)");
        try (Database.Statement insert = database.prepare("INSERT INTO t (content) VALUES (randomblob(100))")) {
            final Workers.Done done = Workers.run(1, Long.MAX_VALUE, limit, worker -> (calls, number) -> {
                insert.step();
                insert.reset();
            });
            final String rows = database.query("SELECT count(*) FROM t");
            if (!rows.equals(Long.toString(done.tally().operations()))) {
                throw new IOException(
                        "SQLite has " + rows + " rows after " + done.tally().operations() + " transactions");
            }
            return done;
        }
    }
}
