package io.tarn.core.file;

import java.util.random.RandomGenerator;

/**
 * What a crash spares of the changes that were not forced. One crash in four spares none of them and one all of them, which a coin
 * for each change would hardly ever do; in the others each change has its own fate.
 */
record Survival(Kind kind, RandomGenerator random) {
    private static final int KINDS = 4;

    enum Kind {
        NOTHING,
        EVERYTHING,
        EACH_ITS_OWN
    }

    enum Fate {
        WHOLE,
        TORN,
        LOST
    }

    static Survival of(final RandomGenerator random) {
        return new Survival(
                switch (random.nextInt(KINDS)) {
                    case 0 -> Kind.NOTHING;
                    case 1 -> Kind.EVERYTHING;
                    default -> Kind.EACH_ITS_OWN;
                },
                random);
    }

    /** The fate of a change that is there or not. */
    boolean survives() {
        return switch (kind) {
            case NOTHING -> false;
            case EVERYTHING -> true;
            case EACH_ITS_OWN -> random.nextBoolean();
        };
    }

    Fate ofWrite() {
        return switch (kind) {
            case NOTHING -> Fate.LOST;
            case EVERYTHING -> Fate.WHOLE;
            case EACH_ITS_OWN -> Fate.values()[random.nextInt(Fate.values().length)];
        };
    }

    /** Whether a sector of a torn write reached the medium. */
    boolean ofSector() {
        return random.nextBoolean();
    }
}
