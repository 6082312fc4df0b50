package io.tarn.client;

import java.util.List;
import java.util.OptionalLong;

/**
 * What must hold of the current version at the moment of the commit, else {@link io.tarn.core.Failure#PRECONDITION_FAILED}
 * (and {@link io.tarn.core.Failure#NOT_FOUND} where {@code ifMatch} meets no current version). Checked inside the commit, so of
 * many racing writers one wins.
 *
 * @param ifMatch entity tags without quotes, {@code *} for any; empty for no condition
 * @param ifNoneMatch the same, negated
 * @param ifSize the size it must have
 * @param ifModifiedNanos the modification time it must have, compared in whole seconds
 */
public record Precondition(
        List<String> ifMatch, List<String> ifNoneMatch, OptionalLong ifSize, OptionalLong ifModifiedNanos) {
    public static final Precondition NONE =
            new Precondition(List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty());

    public Precondition {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }
}
