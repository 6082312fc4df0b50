package io.tarn.core.shard;

import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How far the log is applied to a store. Written together with the changes of the entry, so that whatever a crash leaves of the
 * store says itself where the replay has to go on.
 *
 * @param term of the last applied entry
 * @param index of the last applied entry
 * @param timeNanos time of the last applied entry that had one, in nanoseconds since the epoch
 */
record AppliedMark(long term, long index, long timeNanos) {
    /** Where shards keep what concerns themselves and not their state. */
    static final Family FAMILY = Family.of("raft", 0);

    private static final byte[] KEY = "applied".getBytes(StandardCharsets.UTF_8);

    static Optional<AppliedMark> read(final KeyValueReader store) {
        return store.get(FAMILY, KEY)
                .map(ByteBuffer::wrap)
                .map(bytes -> new AppliedMark(bytes.getLong(), bytes.getLong(), bytes.getLong()));
    }

    void write(final WriteSet changes) {
        changes.put(
                FAMILY,
                KEY,
                ByteBuffer.allocate(3 * Long.BYTES)
                        .putLong(term)
                        .putLong(index)
                        .putLong(timeNanos)
                        .array());
    }
}
