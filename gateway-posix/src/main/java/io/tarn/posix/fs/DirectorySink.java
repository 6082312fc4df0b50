package io.tarn.posix.fs;

import io.tarn.client.Key;

/** Takes entries of a directory while there is room in the answer. */
@FunctionalInterface
public interface DirectorySink {
    /**
     * One entry.
     *
     * @param name of it
     * @param entry what bears it, with times to remember it by
     * @param next offset that a later call goes on from
     * @return false when there was no room: the entry is not part of the answer
     */
    boolean add(Key name, Entry entry, long next);
}
