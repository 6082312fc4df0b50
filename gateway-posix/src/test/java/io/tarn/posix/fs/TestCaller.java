package io.tarn.posix.fs;

import java.util.Set;

/** Somebody who calls. */
record TestCaller(int uid, int gid, int umask, Set<Integer> groups) implements Caller {
    static final TestCaller ROOT = new TestCaller(0, 0, 0, Set.of());
    static final TestCaller USER = new TestCaller(1000, 1000, 022, Set.of());

    @Override
    public int pid() {
        return 4711;
    }

    @Override
    public boolean isIn(final int group) {
        return group == gid || groups.contains(group);
    }
}
