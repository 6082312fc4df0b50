package io.tarn.core.keeper;

import java.util.Optional;

/**
 * How a kind of background work is doing.
 *
 * @param name of the work
 * @param backlog units known to be waiting
 * @param done units done since the start
 * @param errors rounds that failed and things that were left, since the start
 * @param trouble why the last round failed; empty when it did not
 */
public record WorkFigures(String name, long backlog, long done, long errors, Optional<String> trouble) {
    /** The same work of two shards as one. */
    WorkFigures plus(final WorkFigures other) {
        return new WorkFigures(
                name, backlog + other.backlog, done + other.done, errors + other.errors, trouble.or(other::trouble));
    }
}
