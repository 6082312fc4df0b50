package io.tarn.bench.report;

import io.tarn.bench.mount.Task;
import java.util.List;
import java.util.Optional;

/**
 * What Tarn's mount is to reach beside ext4 on the same disk and JuiceFS with Redis: where places of these names were measured. Times and rates
 * without a peer are those of the machine where they were set, and say little elsewhere.
 */
final class MountTargets {
    /** Names of places that mean something here. */
    static final String TARN = "tarn";

    static final String LOCAL = "local";
    static final String JUICEFS = "juicefs";

    private static final double TOLERANCE = 1.005; // what is told is rounded

    private static final List<Rule> RULES = List.of(
            new Rule("create+write+close", new Goal.TimesOf(JUICEFS, 3)),
            new Rule("create+write+fsync", new Goal.TimesOf(JUICEFS, 3)),
            new Rule("stat, warm", new Goal.TimesOf(JUICEFS, 25)),
            new Rule("open+read 4 KiB, cold", new Goal.TimesOf(JUICEFS, 3)),
            new Rule("open+read 4 KiB, warm", new Goal.TimesOf(JUICEFS, 5)),
            new Rule("unlink", new Goal.TimesOf(JUICEFS, 3)),
            new Rule("ls -l of 10,000 files, warm", new Goal.Within(0.3)),
            new Rule("untar 10,000 files", new Goal.Within(10)),
            new Rule("rm -rf 10,000 files", new Goal.Within(6)),
            new Rule("git clone of 4,650 files", new Goal.Within(4)),
            new Rule("git status of 4,650 files", new Goal.Within(0.15)),
            new Rule("SQLite, DELETE", new Goal.AtLeast(150)),
            new Rule("SQLite, WAL", new Goal.AtLeast(1200)),
            new Rule("4 KiB random write + fsync", new Goal.AtLeast(1500)),
            new Rule("sequential write", new Goal.TimesOf(LOCAL, 0.8)),
            new Rule("sequential read, cold", new Goal.TimesOf(LOCAL, 0.9)),
            new Rule("sequential read, warm", new Goal.TimesOf(LOCAL, 0.6)),
            new Rule("random read 4 KiB, cold", new Goal.TimesOf(LOCAL, 0.8)));

    private MountTargets() {}

    private record Rule(String beginning, Goal goal) {}

    /** What is to be reached. */
    sealed interface Goal {
        /** As people say it. */
        String text();

        /** So many times as fast as a peer. */
        record TimesOf(String peer, double times) implements Goal {
            @Override
            public String text() {
                return times < 1
                        ? ">= " + Math.round(times * 100) + " % of " + peer
                        : ">= " + Math.round(times) + " x " + peer;
            }
        }

        /** In so many seconds. */
        record Within(double seconds) implements Goal {
            @Override
            public String text() {
                return "<= " + Figures.number(seconds) + " s";
            }
        }

        /** So many a second. */
        record AtLeast(double perSecond) implements Goal {
            @Override
            public String text() {
                return ">= " + Figures.number(perSecond);
            }
        }
    }

    /** Of a task. */
    static Optional<Goal> of(final Task task) {
        return RULES.stream()
                .filter(rule -> task.name().startsWith(rule.beginning()))
                .map(Rule::goal)
                .findFirst();
    }

    /**
     * Whether it was reached.
     *
     * @param peer what was measured at the place that the goal names, if it does
     * @return empty where that place was not measured
     */
    static Optional<Boolean> reached(final Goal goal, final MountSummary tarn, final Optional<MountSummary> peer) {
        return switch (goal) {
            case Goal.TimesOf times -> peer.map(other -> tarn.rate() * TOLERANCE >= other.rate() * times.times());
            case Goal.Within within -> Optional.of(!tarn.stopped() && tarn.value() <= within.seconds() * TOLERANCE);
            case Goal.AtLeast least -> Optional.of(tarn.rate() * TOLERANCE >= least.perSecond());
        };
    }
}
