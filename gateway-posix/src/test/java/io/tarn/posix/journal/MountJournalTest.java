package io.tarn.posix.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.AttributeChange;
import io.tarn.client.CommandTrail.Outcome;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What one process has noted, the next finds; also when it was killed between two stores. */
final class MountJournalTest {
    private static final long BYTES = 4 << 20;
    private static final Outcome MADE = new Outcome(7, 8);

    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    private MountJournal journal() {
        return MountJournal.open(memory, (from, length) -> {});
    }

    private static MountJournal copy(final MemorySegment of) {
        return MountJournal.open(Arena.ofAuto().allocate(BYTES, Long.BYTES).copyFrom(of), (from, length) -> {});
    }

    @Test
    void anotherFormatOrLengthIsRefused() {
        journal();
        assertThatThrownBy(() -> MountJournal.open(memory.asSlice(0, BYTES / 2 + 4096 * 100), (from, length) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        memory.fill((byte) 1);
        assertThatThrownBy(this::journal).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void handlesAreFoundWithWhatTheyWereNotTold() {
        final HandleSlots handles = journal().handles();
        final List<HandleSlots.Slot> slots = new ArrayList<>();
        for (long number = 1; number <= 1_000; number++) {
            slots.add(handles.open(number, number / 2));
        }
        slots.get(9).untold(28);
        slots.get(9).untold(0);
        slots.get(10).untold(122);
        slots.subList(500, 1_000).forEach(HandleSlots.Slot::close);
        slots.get(0).close();
        final List<HandleSlots.Kept> found = journal().handles().inherited();
        assertThat(found).hasSize(499);
        assertThat(found).allSatisfy(kept -> {
            assertThat(kept.inode()).isEqualTo(kept.number() / 2);
            assertThat(kept.untold()).isEqualTo(kept.number() == 11 ? 122 : 0);
        });
        found.forEach(kept -> kept.slot().close());
        assertThat(journal().handles().inherited()).isEmpty();
    }

    @Test
    void whatCameOfARequestIsKnownOrAskedForWhereverItWasCut() {
        final List<MountJournal> cuts = new ArrayList<>();
        final Words words = new Words(memory, () -> cuts.add(copy(memory)));
        final RequestSlots requests =
                MountJournal.open(words, (from, length) -> {}).requests();
        final int begun = cuts.size();
        final RequestSlots.Slot slot = requests.of(42);
        slot.sending(1, 5);
        final int sent = cuts.size();
        slot.sending(2, 9);
        final int sentAgain = cuts.size();
        slot.done(MADE);
        final int done = cuts.size();
        requests.answered(42);
        for (int cut = begun; cut < cuts.size() - 1; cut++) {
            final List<String> asked = new ArrayList<>();
            final RequestSlots left = cuts.get(cut).requests();
            left.resolve((shard, sequence) -> {
                asked.add(shard + "/" + sequence);
                return shard == 2 ? Optional.of(MADE) : Optional.empty();
            });
            final Optional<Outcome> outcome = left.of(42).outcome();
            if (cut < sent - 1) {
                assertThat(outcome).isEmpty();
            } else if (cut == sent - 1) {
                assertThat(asked).containsExactly("1/5");
                assertThat(outcome).isEmpty();
            } else if (cut < sentAgain - 1) {
                // the first came back without effect, the second has not left
                assertThat(asked).isEmpty();
                assertThat(outcome).isEmpty();
            } else {
                assertThat(outcome).contains(MADE);
                assertThat(asked).isEqualTo(cut < done - 1 ? List.of("2/9") : List.of());
            }
        }
        final RequestSlots after = copy(memory).requests();
        after.resolve((shard, sequence) -> {
            throw new AssertionError("an answered request is asked for");
        });
        assertThat(after.of(42).outcome()).isEmpty();
    }

    @Test
    void requestsThatNobodyAsksForAnyMoreGoAwayAfterManyProcesses() {
        journal().requests().of(42).done(MADE);
        for (int process = 0; process < 16; process++) {
            assertThat(copy(memory).requests().of(42).outcome()).contains(MADE);
            journal();
        }
        assertThat(journal().requests().of(42).outcome()).isEmpty();
    }

    @Test
    void attributesAreReadAsTheyWereLaid() {
        final AttributeChange change = AttributeChange.NONE
                .withMode(04711)
                .withOwner(OptionalInt.of(-2), OptionalInt.empty())
                .withTimes(Optional.empty(), Optional.of(new AttributeChange.At(-1)));
        assertThat(AttributeRecord.read(AttributeRecord.lay(change))).isEqualTo(change);
        assertThat(AttributeRecord.read(AttributeRecord.lay(AttributeChange.NONE)))
                .isEqualTo(AttributeChange.NONE);
        assertThatThrownBy(() -> AttributeRecord.lay(AttributeChange.NONE.withSize(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutMemoryNothingIsKept() throws InterruptedException {
        final MountJournal none = MountJournal.none();
        none.handles().open(1, 2).close();
        final RequestSlots.Slot slot = none.requests().of(5);
        slot.done(MADE);
        assertThat(slot.outcome()).isEmpty();
        none.records().trim();
        assertThat(none.records().inherited()).isEmpty();
    }
}
