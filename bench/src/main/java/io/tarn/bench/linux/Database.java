package io.tarn.bench.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A SQLite database through the system's library, {@code libsqlite3.so.0} (https://sqlite.org/c3ref/intro.html). One thread uses it.
 *
 * <p>Cost of {@link Statement#step}: SQLite's, and the calls of the file system that it makes.
 */
@SuppressWarnings("restricted")
public final class Database implements AutoCloseable {
    private static final String LIBRARY = "libsqlite3.so.0";
    private static final int OK = 0;
    private static final int ROW = 100;
    private static final int DONE = 101;
    private static final int LONGEST_MESSAGE_BYTES = 1024;

    /** Functions of the library, found when a database is first opened. */
    private static final class Library {
        private static final SymbolLookup SYMBOLS = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        private static final MethodHandle OPEN = function("sqlite3_open", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        private static final MethodHandle CLOSE = function("sqlite3_close_v2", ValueLayout.JAVA_LONG);
        private static final MethodHandle PREPARE = function(
                "sqlite3_prepare_v2",
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        private static final MethodHandle STEP = function("sqlite3_step", ValueLayout.JAVA_LONG);
        private static final MethodHandle RESET = function("sqlite3_reset", ValueLayout.JAVA_LONG);
        private static final MethodHandle FINALIZE = function("sqlite3_finalize", ValueLayout.JAVA_LONG);
        private static final MethodHandle COLUMN_TEXT = Bound.plain(
                SYMBOLS,
                "sqlite3_column_text",
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private static final MethodHandle MESSAGE = Bound.plain(
                SYMBOLS, "sqlite3_errmsg", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

        private static MethodHandle function(final String name, final ValueLayout... parameters) {
            return Bound.plain(SYMBOLS, name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
        }
    }

    private final long handle;

    private Database(final long handle) {
        this.handle = handle;
    }

    /**
     * Opens or makes a database.
     *
     * @throws IOException when it cannot be opened, or the library is not installed
     */
    public static Database open(final Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            final int result = (int)
                    Library.OPEN.invokeExact(arena.allocateFrom(file.toString()).address(), out.address());
            final Database database = new Database(out.get(ValueLayout.JAVA_LONG, 0));
            if (result != OK) {
                final IOException failure = database.failure("open " + file);
                database.close();
                throw failure;
            }
            return database;
        } catch (final IOException failed) {
            throw failed;
        } catch (final ExceptionInInitializerError | NoClassDefFoundError missing) {
            throw new IOException("SQLite's library " + LIBRARY + " is needed: install libsqlite3-0", missing);
        } catch (final Throwable thrown) {
            throw Bound.unexpected("sqlite3_open", thrown);
        }
    }

    /** Runs a statement once and gives the text of the first column of its first row, empty when it gives none. */
    public String query(final String sql) throws IOException {
        try (Statement statement = prepare(sql)) {
            return statement.step() ? statement.text() : "";
        }
    }

    /** Compiles a statement, to be run many times. */
    public Statement prepare(final String sql) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            final int result = (int)
                    Library.PREPARE.invokeExact(handle, arena.allocateFrom(sql).address(), -1, out.address(), 0L);
            if (result != OK) {
                throw failure(sql);
            }
            return new Statement(out.get(ValueLayout.JAVA_LONG, 0));
        } catch (final IOException failed) {
            throw failed;
        } catch (final Throwable thrown) {
            throw Bound.unexpected("sqlite3_prepare_v2", thrown);
        }
    }

    @Override
    public void close() {
        perform("sqlite3_close_v2", Library.CLOSE, handle);
    }

    /** A compiled statement. */
    public final class Statement implements AutoCloseable {
        private final long address;

        private Statement(final long address) {
            this.address = address;
        }

        /** Whether there is a row; false when the statement has run to its end. */
        public boolean step() throws IOException {
            final int result = perform("sqlite3_step", Library.STEP, address);
            if (result != ROW && result != DONE) {
                throw failure("step");
            }
            return result == ROW;
        }

        /** Makes it ready to run again; an error of the run before was told by {@link #step}. */
        public void reset() {
            perform("sqlite3_reset", Library.RESET, address);
        }

        private String text() {
            try {
                final long text = (long) Library.COLUMN_TEXT.invokeExact(address, 0);
                return text == 0 ? "" : read(text);
            } catch (final Throwable thrown) {
                throw Bound.unexpected("sqlite3_column_text", thrown);
            }
        }

        @Override
        public void close() {
            perform("sqlite3_finalize", Library.FINALIZE, address);
        }
    }

    private IOException failure(final String what) {
        try {
            return new IOException("SQLite: " + what + ": " + read((long) Library.MESSAGE.invokeExact(handle)));
        } catch (final Throwable thrown) {
            throw Bound.unexpected("sqlite3_errmsg", thrown);
        }
    }

    private static String read(final long text) {
        return MemorySegment.ofAddress(text).reinterpret(LONGEST_MESSAGE_BYTES).getString(0);
    }

    private static int perform(final String name, final MethodHandle call, final long argument) {
        try {
            return (int) call.invokeExact(argument);
        } catch (final Throwable thrown) {
            throw Bound.unexpected(name, thrown);
        }
    }
}
