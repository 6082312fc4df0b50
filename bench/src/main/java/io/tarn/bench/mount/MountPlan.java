package io.tarn.bench.mount;

import java.time.Duration;

/**
 * How scenarios are run.
 *
 * @param rounds measured runs of each
 * @param taskTime longest run of what can go on for as long as one likes
 * @param warmupTime the same in the unmeasured run before, none when zero
 * @param programTime longest run of a program that has a fixed amount of work
 * @param dropCaches whether the kernel's caches are emptied for cold tasks, which needs root
 * @param keep whether files are left behind, where the file systems are thrown away afterwards
 */
public record MountPlan(
        int rounds, Duration taskTime, Duration warmupTime, Duration programTime, boolean dropCaches, boolean keep) {
    public MountPlan {
        if (rounds < 1 || taskTime.compareTo(Duration.ZERO) <= 0 || programTime.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("rounds and times must be positive");
        }
    }
}
