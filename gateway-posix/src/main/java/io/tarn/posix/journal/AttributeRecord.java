package io.tarn.posix.journal;

import io.tarn.client.AttributeChange;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A change of attributes as bytes: which of them are set, then all, each in eight bytes. Sizes are not kept: a new size is committed at once. */
public final class AttributeRecord {
    private static final int FIELDS = 5;

    private AttributeRecord() {}

    /** @param change without a size, its times chosen */
    public static ByteBuffer lay(final AttributeChange change) {
        if (change.size().isPresent()) {
            throw new IllegalArgumentException("a size is not kept");
        }
        final OptionalLong[] fields = {
            wide(change.mode()),
            wide(change.uid()),
            wide(change.gid()),
            nanos(change.accessed()),
            nanos(change.modified())
        };
        final ByteBuffer record = ByteBuffer.allocate((1 + FIELDS) * Long.BYTES);
        long set = 0;
        for (int field = 0; field < FIELDS; field++) {
            set |= fields[field].isPresent() ? 1L << field : 0;
        }
        record.putLong(set);
        for (final OptionalLong field : fields) {
            record.putLong(field.orElse(0));
        }
        return record.flip();
    }

    private static OptionalLong wide(final OptionalInt value) {
        return value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty();
    }

    private static OptionalLong nanos(final Optional<AttributeChange.NewTime> time) {
        return time.map(wish -> switch (wish) {
                    case final AttributeChange.At at -> OptionalLong.of(at.nanos());
                    case final AttributeChange.Now now ->
                        throw new IllegalArgumentException("a time that is not chosen is not kept");
                })
                .orElse(OptionalLong.empty());
    }

    public static AttributeChange read(final ByteBuffer record) {
        final long set = record.getLong();
        final OptionalLong[] fields = new OptionalLong[FIELDS];
        for (int field = 0; field < FIELDS; field++) {
            final long value = record.getLong();
            fields[field] = (set >>> field & 1) == 0 ? OptionalLong.empty() : OptionalLong.of(value);
        }
        return new AttributeChange(
                narrow(fields[0]),
                narrow(fields[1]),
                narrow(fields[2]),
                OptionalLong.empty(),
                at(fields[3]),
                at(fields[4]));
    }

    private static OptionalInt narrow(final OptionalLong value) {
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    private static Optional<AttributeChange.NewTime> at(final OptionalLong nanos) {
        return nanos.isPresent() ? Optional.of(new AttributeChange.At(nanos.getAsLong())) : Optional.empty();
    }
}
