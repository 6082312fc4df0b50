package io.tarn.core.session;

import io.tarn.client.AttributeChange;
import io.tarn.client.AttributeChange.At;
import java.util.Optional;
import java.util.OptionalLong;

/** Attributes of a file that change with its next commit of bytes. Not thread-safe: guarded by the file. */
final class PendingChange {
    private AttributeChange change = AttributeChange.NONE;

    AttributeChange get() {
        return change;
    }

    boolean isNone() {
        return change.equals(AttributeChange.NONE);
    }

    void add(final AttributeChange later) {
        change = change.then(later);
    }

    /** Bytes were written: times that were chosen or set before hold no longer. */
    void written() {
        change = change.withTimes(change.accessed(), Optional.empty()).withChanged(OptionalLong.empty());
    }

    /** Chooses the times that are not chosen yet. */
    void settle(final long modified, final long changed) {
        change = change.withTimes(change.accessed(), change.modified().or(() -> Optional.of(new At(modified))))
                .withChanged(OptionalLong.of(change.changed().orElse(changed)));
    }

    /** It goes with a commit, or is lost with it. */
    AttributeChange take() {
        final AttributeChange taken = change;
        change = AttributeChange.NONE;
        return taken;
    }
}
