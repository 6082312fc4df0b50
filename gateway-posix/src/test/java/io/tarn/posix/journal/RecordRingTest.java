package io.tarn.posix.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.posix.journal.RecordRing.Entry;
import io.tarn.posix.journal.RecordRing.Kept;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever instruction a process is killed at, its successor finds what was answered, in order, and nothing by halves. */
final class RecordRingTest {
    private static final int ENDS_BYTES = 2048;
    private static final int RING_BYTES = 1 << 16;
    private static final Duration PATIENCE = Duration.ofMillis(50);
    private static final int STEPS = 1_500;

    private final MemorySegment memory = Arena.ofAuto().allocate(ENDS_BYTES + RING_BYTES, Long.BYTES);
    private Runnable afterStore = () -> {};
    private final RecordRing ring = ring(memory, () -> afterStore.run());

    private static RecordRing ring(final MemorySegment memory, final Runnable stored) {
        final Words words = new Words(memory, stored);
        return new RecordRing(words.part(0, ENDS_BYTES), words.part(ENDS_BYTES, RING_BYTES), (from, length) -> {});
    }

    private static MemorySegment copy(final MemorySegment of) {
        return Arena.ofAuto().allocate(of.byteSize(), Long.BYTES).copyFrom(of);
    }

    private static byte[] content(final long id) {
        final Random random = new Random(id);
        final byte[] bytes = new byte[random.nextInt(3_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Optional<Entry> write(final RecordRing to, final long id) throws InterruptedException {
        return to.write(id % 7, id, id * 10, ByteBuffer.wrap(content(id)), PATIENCE);
    }

    private static List<Long> found(final RecordRing ring) {
        final List<Long> ids = new ArrayList<>();
        for (final Kept kept : ring.inherited()) {
            final byte[] bytes = new byte[kept.bytes().remaining()];
            kept.bytes().get(bytes);
            assertThat(bytes).isEqualTo(content(kept.offset()));
            assertThat(kept.inode()).isEqualTo(kept.offset() % 7);
            assertThat(kept.nanos()).isEqualTo(kept.offset() * 10);
            ids.add(kept.offset());
        }
        assertThat(ids).isSorted();
        return ids;
    }

    /** A successor finds what counts, and can go on. */
    private void look(final Set<Long> answered, final Set<Long> underWay) throws InterruptedException {
        final MemorySegment left = copy(memory);
        final RecordRing successor = ring(left, () -> {});
        final List<Long> found = found(successor);
        assertThat(found).containsAll(answered);
        final Set<Long> more = new HashSet<>(found);
        more.removeAll(answered);
        assertThat(underWay).containsAll(more);
        successor.over(successor.inherited().stream().map(Kept::entry).toList());
        assertThat(successor.isEmpty()).isTrue();
        assertThat(write(successor, 1_000_000)).isPresent();
        assertThat(found(ring(copy(left), () -> {}))).containsExactly(1_000_000L);
    }

    @Test
    void whereverItIsKilledWhatWasAnsweredIsFound() throws InterruptedException {
        final Random random = new Random(11);
        final Map<Long, Entry> counting = new TreeMap<>();
        final Set<Long> answered = new HashSet<>();
        final Set<Long> underWay = new HashSet<>();
        final int[] cuts = new int[1];
        afterStore = () -> {
            try {
                cuts[0]++;
                look(answered, underWay);
            } catch (final InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        };
        for (long id = 1; id <= STEPS; id++) {
            underWay.add(id);
            final Optional<Entry> entry = write(ring, id);
            underWay.clear();
            if (entry.isPresent()) {
                answered.add(id);
                counting.put(id, entry.get());
            }
            final boolean full = entry.isEmpty();
            final List<Long> over = new ArrayList<>(counting.keySet());
            over.removeIf(each -> !full && random.nextInt(6) > 0);
            answered.removeAll(over);
            underWay.addAll(over);
            ring.over(over.stream().map(counting::remove).toList());
            underWay.clear();
        }
        assertThat(cuts[0]).isGreaterThan(10 * STEPS);
    }

    @Test
    void oneThatDiesWhileItCopiesDoesNotHideThoseBehindIt() throws InterruptedException {
        for (int store = 1; ; store++) {
            final MemorySegment fresh = Arena.ofAuto().allocate(ENDS_BYTES + RING_BYTES, Long.BYTES);
            final int[] left = {store};
            final RecordRing dying = ring(fresh, () -> {
                if (--left[0] == 0) {
                    throw new Dead();
                }
            });
            boolean died = false;
            try {
                write(dying, 1);
            } catch (final Dead dead) {
                died = true;
            }
            if (!died) {
                assertThat(store).isGreaterThan(9);
                return;
            }
            assertThat(write(dying, 2)).isPresent();
            assertThat(found(ring(copy(fresh), () -> {}))).contains(2L);
        }
    }

    private static final class Dead extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whenThereIsNoRoomTheFileOfTheOldestRecordIsCommitted() throws InterruptedException {
        final List<Long> asked = new ArrayList<>();
        final Map<Long, List<Entry>> ofInode = new TreeMap<>();
        ring.committing(inode -> {
            asked.add(inode);
            ring.over(Optional.ofNullable(ofInode.remove(inode)).orElse(List.of()));
        });
        for (long id = 1; id <= 500; id++) {
            // put where it is found only after it was written, which may have had the inode committed
            final Entry entry = write(ring, id).orElseThrow();
            ofInode.computeIfAbsent(id % 7, inode -> new ArrayList<>()).add(entry);
        }
        assertThat(asked).startsWith(1L).hasSizeLessThan(250);
        final Set<Long> kept = new HashSet<>();
        ring(copy(memory), () -> {}).inherited().forEach(each -> kept.add(each.inode()));
        assertThat(kept).isEqualTo(ofInode.keySet());
    }

    @Test
    void whereNothingCanBeCommittedAWriteFailsAndWhatWasAnsweredStays() throws InterruptedException {
        long id = 0;
        Optional<Entry> last;
        do {
            last = write(ring, ++id);
        } while (last.isPresent());
        assertThat(found(ring(copy(memory), () -> {}))).hasSize((int) id - 1);
        assertThatThrownBy(() -> ring.write(1, 0, 0, ByteBuffer.allocate(RING_BYTES), PATIENCE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyItBeginsAtTheFrontAgain() throws InterruptedException {
        final byte[] before = new byte[RING_BYTES / 2];
        for (long id = 1; id <= 1_000; id++) {
            ring.over(List.of(write(ring, id).orElseThrow()));
        }
        assertThat(memory.asSlice(ENDS_BYTES + RING_BYTES / 2, RING_BYTES / 2).mismatch(MemorySegment.ofArray(before)))
                .isEqualTo(-1);
    }
}
