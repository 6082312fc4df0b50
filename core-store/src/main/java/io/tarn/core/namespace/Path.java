package io.tarn.core.namespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A key taken apart at its slashes: the directories on the way, and the name in the last of them. Names may be empty: {@code a//b}
 * is {@code b} in the directory of empty name in {@code a}, and {@code a/} is the empty name in {@code a}.
 *
 * @param directories names of the directories from the root on
 * @param name last name, without slash
 */
record Path(List<byte[]> directories, byte[] name) {
    static Path of(final byte[] key) {
        final List<byte[]> directories = new ArrayList<>(4);
        int start = 0;
        for (int at = 0; at < key.length; at++) {
            if (key[at] == '/') {
                directories.add(Arrays.copyOfRange(key, start, at));
                start = at + 1;
            }
        }
        return new Path(directories, Arrays.copyOfRange(key, start, key.length));
    }
}
