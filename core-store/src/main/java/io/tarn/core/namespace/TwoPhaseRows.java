package io.tarn.core.namespace;

import com.google.protobuf.ByteString;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.namespace.wire.BorrowedRecord;
import io.tarn.core.namespace.wire.Row;
import io.tarn.core.namespace.wire.RowRange;
import java.util.List;
import java.util.Optional;

/** Rows as they travel between shards. */
final class TwoPhaseRows {
    private TwoPhaseRows() {}

    static Row row(final Family family, final byte[] key, final Optional<byte[]> value) {
        final Row.Builder row = Row.newBuilder().setFamily(family.name()).setKey(ByteString.copyFrom(key));
        value.ifPresentOrElse(bytes -> row.setValue(ByteString.copyFrom(bytes)), () -> row.setAbsent(true));
        return row.build();
    }

    /** Carries out rows that are writes. */
    static void write(final List<Row> rows, final WriteSet target) {
        for (final Row row : rows) {
            final Family family = Families.named(row.getFamily());
            if (row.getAbsent()) {
                target.delete(family, row.getKey().toByteArray());
            } else {
                target.put(family, row.getKey().toByteArray(), row.getValue().toByteArray());
            }
        }
    }

    /** What is wanted, with the values that stand there. */
    static BorrowedRecord.Builder lend(final KeyValueReader store, final BorrowedRecord wanted) {
        final BorrowedRecord.Builder lent =
                BorrowedRecord.newBuilder().setShard(wanted.getShard()).addAllEntities(wanted.getEntitiesList());
        for (final Row row : wanted.getRowsList()) {
            final Family family = Families.named(row.getFamily());
            final byte[] key = row.getKey().toByteArray();
            lent.addRows(row(family, key, store.get(family, key)));
        }
        for (final RowRange range : wanted.getRangesList()) {
            lent.addRanges(lend(store, range));
        }
        return lent;
    }

    private static RowRange lend(final KeyValueReader store, final RowRange range) {
        final Family family = Families.named(range.getFamily());
        final RowRange.Builder lent = range.toBuilder().clearRows();
        try (Cursor cursor =
                store.scan(family, range.getFrom().toByteArray(), range.getTo().toByteArray())) {
            for (; cursor.valid(); cursor.next()) {
                lent.addRows(row(family, cursor.key(), Optional.of(cursor.value())));
            }
        }
        return lent.build();
    }
}
