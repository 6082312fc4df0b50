package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What pins keep, and what cannot be pinned any more. */
final class ReadPinsTest {
    private final ReadPins pins = new ReadPins();

    @Test
    void theLowestPinHoldsBackWhatIsFreedAfterIt() {
        final ReadPins.Pin first = pins.pin(5);
        final ReadPins.Pin second = pins.pin(7);
        assertThat(pins.reclaimableUpTo(10)).isEqualTo(5);
        first.close();
        first.close();
        assertThat(pins.reclaimableUpTo(10)).isEqualTo(7);
        second.close();
        assertThat(pins.reclaimableUpTo(10)).isEqualTo(10);
    }

    @Test
    void whatMayHaveBeenGivenBackIsNotPinnedAgain() {
        pins.pin(5).close();
        assertThat(pins.again(5)).isPresent().hasValueSatisfying(ReadPins.Pin::close);
        assertThat(pins.reclaimableUpTo(8)).isEqualTo(8);
        assertThat(pins.again(7)).isEmpty();
        assertThat(pins.again(8)).isPresent();
    }
}
