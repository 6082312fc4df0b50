package io.tarn.posix.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two mounts of a volume are two hosts: each has a client and a session of its own, and shares nothing with the other but the storage. Programs race on
 * them; what holds afterwards, or at every moment, is checked.
 */
@Timeout(600)
final class TwoHostsTest extends MountedHosts {
    private static final long SEED = Long.getLong("tarn.seed", 20_261_129);
    private static final int SECONDS = 250;
    private static final int ROUNDS = Integer.getInteger("tarn.races.rounds", 100);
    private static final int RACERS = 4;

    private Path one;
    private Path two;

    private void mountTwice() throws Exception {
        one = host();
        two = host();
    }

    /** Runs a checker as {@link #RACERS} processes, by turns on either host; {@code arguments} begin with its name, and R stands for meeting, racer, racers. */
    private List<String> race(final String... arguments) throws Exception {
        final Path meeting = Files.createTempFile(local, "meeting", null);
        final List<Shell.Running> running = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            final String command =
                    arguments[racer % arguments.length].replace(" R", " %s %d %d".formatted(meeting, racer, RACERS));
            running.add(shell(racer % 2 == 0 ? one : two).start(SECONDS, "python3 $checkers/" + command));
        }
        return Shell.together(running);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fcntl", "flock"})
    void whatIsCountedUnderALockIsCountedOnce(final String kind) throws Exception {
        mountTwice();
        final List<String> counted = race("counters.py %s R %d %d".formatted(kind, ROUNDS, SEED));
        final long expected = counted.stream()
                .flatMap(String::lines)
                .mapToLong(Long::parseLong)
                .sum();
        assertThat(expected).isGreaterThanOrEqualTo((long) RACERS * ROUNDS);
        long sum = 0;
        for (int counter = 0; counter < 4; counter++) {
            sum += Long.parseLong(Files.readString(two.resolve("counter" + counter)));
        }
        assertThat(sum).isEqualTo(expected);
    }

    @Test
    void locksAreRefusedAwaitedInterruptedAndFreed() throws Exception {
        mountTwice();
        assertThat(shell(local).run(SECONDS, "python3 $checkers/locks.py %s %s".formatted(one, two)))
                .isEqualTo("locks hold");
    }

    @Test
    void whatIsAppendedIsWholeAndNothingIsLost() throws Exception {
        mountTwice();
        race("append.py R %d %d".formatted(ROUNDS, SEED));
        for (final Path host : List.of(one, two)) {
            assertThat(shell(host).run(SECONDS, "python3 $checkers/append.py check %d %d".formatted(RACERS, ROUNDS)))
                    .isEqualTo("whole");
        }
    }

    @Test
    void aNameHasOneMaker() throws Exception {
        mountTwice();
        final List<String> won = race("exclusive.py R " + ROUNDS / 2);
        final Set<String> names = new HashSet<>();
        for (final String racer : won) {
            racer.lines().forEach(name -> assertThat(names.add(name)).as(name).isTrue());
        }
        assertThat(names).hasSize(6 * (ROUNDS / 2));
    }

    @Test
    void whatIsMovedAboutIsNeitherLostNorDoubled() throws Exception {
        mountTwice();
        shell(one).run(SECONDS, "mkdir d0 d1 d2 d3; for i in {0..19}; do echo $i >f$i; done");
        final List<String> moved = race("renames.py R %d %d".formatted(2 * ROUNDS, SEED));
        assertThat(moved).allMatch(count -> Integer.parseInt(count) > 0);
        for (final Path host : List.of(one, two)) {
            // what is exchanged changes its kind with its name
            assertThat(shell(host).run(SECONDS, "find . -mindepth 1 -printf '%f\\n' | sort -V | tr '\\n' ' '"))
                    .isEqualTo("d0 d1 d2 d3 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19");
            assertThat(
                            shell(host)
                                    .run(
                                            SECONDS,
                                            "find . -type f -exec cat {} + | sort -n | tr '\\n' ' '; find . -mindepth 1 -type d | wc -l"))
                    .isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 4");
        }
    }

    @Test
    void aFileThatIsReplacedIsAlwaysThereAndWhole() throws Exception {
        mountTwice();
        shell(one).run(SECONDS, "printf '0\\n000000\\n' >config");
        race(
                "replaced.py write R " + 2 * ROUNDS,
                "replaced.py read R " + 4 * ROUNDS,
                "replaced.py read R " + 4 * ROUNDS,
                "replaced.py read R " + 4 * ROUNDS);
        assertThat(shell(two).run(SECONDS, "head -n 1 config; ls -A")).isEqualTo(2 * ROUNDS + "\nconfig");
    }

    @Test
    void aDirectoryIsListedWholeWhileItChanges() throws Exception {
        mountTwice();
        shell(one).run(SECONDS, "touch stays{0..299}");
        final String change = "listing.py change R %d %d".formatted(4 * ROUNDS, SEED);
        final String list = "listing.py list R %d %d".formatted(ROUNDS, SEED);
        race(change, change, list, list);
        final String names = shell(one).run(SECONDS, "ls -A");
        assertThat(shell(two).run(SECONDS, "ls -A")).isEqualTo(names);
    }

    @Test
    void s3AndBothHostsSeeWhatTheOtherHasWritten() throws Exception {
        mountTwice();
        for (int round = 0; round < ROUNDS; round++) {
            final String content = "round " + round + "!".repeat(round * 50);
            switch (round % 4) {
                case 0 -> cluster.put(volumeId, "f", content);
                case 1 -> Files.writeString(one.resolve("f"), content);
                case 2 -> Files.writeString(two.resolve("f"), content);
                default -> {
                    Files.writeString(two.resolve("g"), content);
                    Files.move(two.resolve("g"), two.resolve("f"), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            assertThat(Files.readString(one.resolve("f"))).as("one, %d", round).isEqualTo(content);
            assertThat(Files.readString(two.resolve("f"))).as("two, %d", round).isEqualTo(content);
            assertThat(cluster.get(volumeId, "f")).as("S3, %d", round).isEqualTo(content);
        }
    }

    @Test
    void whatIsRemovedElsewhereCannotBeOpened() throws Exception {
        mountTwice();
        for (int round = 0; round < ROUNDS; round++) {
            Files.writeString(one.resolve("f"), "x");
            // that there was nothing is remembered until the news of it comes in
            shell(two).run(SECONDS, "until test -e f; do sleep 0.001; done");
            assertThat(Files.readString(two.resolve("f"))).isEqualTo("x");
            if (round % 2 == 0) {
                cluster.delete(volumeId, "f");
            } else {
                Files.delete(one.resolve("f"));
            }
            assertThat(catchThrowable(() -> Files.readString(two.resolve("f"))))
                    .as("round %d", round)
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void aFileRemovedElsewhereLivesWhileItIsOpen() throws Exception {
        mountTwice();
        assertThat(shell(one)
                        .run(
                                SECONDS,
                                "echo first >f; exec 3<>f; rm " + two + "/f; test ! -e f; cat <&3; echo second >&3; "
                                        + "cat /proc/self/fd/3; exec 3>&-; ls -A"))
                .isEqualTo("first\nfirst\nsecond");
    }
}
