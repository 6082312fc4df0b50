package io.tarn.core.kv;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An ordered store whose writes are atomic. Durability is not promised by {@link #write}: the Raft log is the write-ahead log,
 * and a crash may take the store back to any earlier state that {@link #write} or {@link #flush} left, never to a mixture.
 */
public interface KeyValueStore extends KeyValueReader, AutoCloseable {
    /** Applies all changes that {@code changes} adds, or none of them. One writer at a time. */
    void write(Consumer<WriteSet> changes);

    /** A reader frozen at this moment. */
    Snapshot snapshot();

    /** Makes everything written so far durable. */
    void flush();

    /** Writes a complete, durable copy (hard links where possible) into {@code directory}, which must not exist. */
    void checkpoint(Path directory);

    @Override
    void close();

    /** A frozen view. Must be closed; holds back the reclaiming of old data while open. */
    interface Snapshot extends KeyValueReader, AutoCloseable {
        @Override
        void close();
    }
}
