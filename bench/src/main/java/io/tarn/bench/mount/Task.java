package io.tarn.bench.mount;

/**
 * One thing that is measured.
 *
 * @param name as people say it
 * @param workers how many do it at once
 * @param cold whether caches are emptied before
 * @param scale how its speed is told
 */
public record Task(String name, int workers, boolean cold, Scale scale) {
    /** What begins with caches as they are. */
    public static Task of(final String name, final int workers, final Scale scale) {
        return new Task(name, workers, false, scale);
    }

    /** What begins with empty caches. */
    public static Task cold(final String name, final int workers, final Scale scale) {
        return new Task(name, workers, true, scale);
    }
}
