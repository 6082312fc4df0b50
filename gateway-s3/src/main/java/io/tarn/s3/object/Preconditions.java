package io.tarn.s3.object;

import io.tarn.client.Precondition;
import io.tarn.s3.call.Times;
import io.tarn.s3.request.Conditions;
import io.tarn.s3.request.Conditions.ETagMatch;
import io.tarn.s3.wire.HeaderView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The conditional headers of a write, for the store to check in the commit. */
public final class Preconditions {
    private Preconditions() {}

    /** The conditions of a PUT, COPY or Complete. */
    public static Precondition ofWrite(final HeaderView headers) {
        Conditions conditions = Conditions.of(headers);
        return conditions.isEmpty()
                ? Precondition.NONE
                : new Precondition(
                        etags(conditions.ifMatch()),
                        etags(conditions.ifNoneMatch()),
                        OptionalLong.empty(),
                        OptionalLong.empty());
    }

    /** The conditions of a DELETE. */
    static Precondition ofDelete(final HeaderView headers) {
        List<String> ifMatch = etags(Conditions.of(headers).ifMatch());
        Conditions.DeleteConditions more = Conditions.ofDelete(headers);
        return new Precondition(
                ifMatch,
                List.of(),
                more.sizeBytes(),
                more.lastModified().isPresent()
                        ? OptionalLong.of(Times.nanos(more.lastModified().get()))
                        : OptionalLong.empty());
    }

    private static List<String> etags(final Optional<ETagMatch> match) {
        return match.map(tags -> tags.any() ? List.of("*") : tags.etags()).orElse(List.of());
    }
}
