package io.tarn.s3.fake;

import static io.tarn.s3.fake.InMemoryTarn.require;

import io.tarn.client.ObjectInfo;
import io.tarn.client.Precondition;
import io.tarn.core.Failure;
import java.util.List;
import java.util.Optional;

/** What a {@link Precondition} says of a version. */
final class Conditions {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Conditions() {}

    static void check(final Precondition precondition, final Optional<ObjectInfo> subject) {
        require(
                precondition.ifMatch().isEmpty() || matches(precondition.ifMatch(), subject),
                Failure.PRECONDITION_FAILED,
                "If-Match");
        require(
                precondition.ifNoneMatch().isEmpty() || !matches(precondition.ifNoneMatch(), subject),
                Failure.PRECONDITION_FAILED,
                "If-None-Match");
        precondition
                .ifSize()
                .ifPresent(size -> require(
                        subject.isPresent() && subject.get().size() == size, Failure.PRECONDITION_FAILED, "size"));
        precondition
                .ifModifiedNanos()
                .ifPresent(time -> require(
                        subject.isPresent()
                                && subject.get().modifiedNanos() / NANOS_PER_SECOND == time / NANOS_PER_SECOND,
                        Failure.PRECONDITION_FAILED,
                        "modification time"));
    }

    private static boolean matches(final List<String> etags, final Optional<ObjectInfo> subject) {
        return subject.isPresent()
                && (etags.contains("*") || etags.contains(subject.get().etag()));
    }
}
